"""Links are tried through the guarded fetcher, and no slow server holds a check up."""

from newsletter.issues.checking.link_check import MOST_LINKS, try_links
from newsletter.pulling.fetch.addresses import AddressPolicy
from newsletter.pulling.fetch.fetch import Fetcher, Limits
from tests.processes import PATIENCE
from tests.web_server import Asked, Reply, WebServer


def fetcher(*allowed: str) -> Fetcher:
    return Fetcher(
        policy=AddressPolicy.of(allowed, (80, 443)),
        user_agent="newsletter/test",
        limits=Limits(total_seconds=PATIENCE),
    )


def test_what_does_not_answer_is_named_with_its_reason(server: WebServer) -> None:
    good = server.page("/good", "here")
    gone = server.page("/gone", "", status=410)
    missing = f"{server.url}/missing"
    found = try_links([good, gone, missing, good], fetcher("127.0.0.1"))
    assert set(found.dead) == {gone, missing}
    assert all(found.dead.values())
    assert not found.untried
    assert len(server.asked) == 3


def test_a_page_that_is_large_or_refuses_robots_is_not_dead(server: WebServer) -> None:
    large = server.page("/large", "x" * 300_000)
    refused = server.page("/refused", "", status=403)
    busy = server.page("/busy", "", status=503)
    assert try_links([large, refused, busy], fetcher("127.0.0.1")).dead == {}


def test_a_link_into_our_own_network_is_never_followed(server: WebServer) -> None:
    inside = server.page("/inside", "secret")
    assert set(try_links([inside], fetcher()).dead) == {inside}
    assert server.asked == []


def test_the_check_ends_in_time_and_says_what_it_did_not_learn(
    server: WebServer,
) -> None:
    def never(asked: Asked) -> Reply:
        server.released.wait(PATIENCE)
        return Reply()

    server.pages["/never"] = never
    missing = f"http://localhost:{server.port}/missing"  # another host: each is asked in its turn
    never_answers = f"{server.url}/never"
    found = try_links([never_answers, missing], fetcher("127.0.0.1", "::1"), total_seconds=10)
    assert set(found.dead) == {missing}
    assert found.untried == {never_answers}


def test_links_beyond_the_bound_are_named_as_not_tried(server: WebServer) -> None:
    links = [server.page(f"/{number}", "here") for number in range(MOST_LINKS + 2)]
    found = try_links(links, fetcher("127.0.0.1"))
    assert len(server.asked) == MOST_LINKS
    assert found.untried == set(links[-2:])
