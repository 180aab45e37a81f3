"""What a report counts, and what it must not show."""

from newsletter.model.delivery import DeliveryState
from newsletter.sending.results.results import Line, Results, results


def deliveries(**people: int) -> list[Line]:
    """So many deliveries to each mail provider."""
    return [
        Line("en", f"{name}.example", DeliveryState.ACCEPTED, "", "")
        for name, number in people.items()
        for _ in range(number)
    ]


def people(counted: Results) -> dict[str, int]:
    return {name: rates.people for name, rates in counted.domains.items()}


def test_a_domain_of_five_people_is_shown_and_one_of_four_is_not() -> None:
    counted = results(deliveries(five=5, four=4, one=1))
    assert people(counted) == {"five.example": 5, "(others)": 5}


def test_no_domain_is_shown_where_all_are_small() -> None:
    assert people(results(deliveries(four=4, three=3))) == {"(others)": 7}


def test_nobody_is_lost_by_counting_small_domains_together() -> None:
    lines = deliveries(ten=10, four=4, two=2)
    lines[-1] = lines[-1]._replace(state=DeliveryState.BOUNCED, code="5.1.1")
    counted = results(lines)
    assert counted.domains["(others)"].states == {
        DeliveryState.ACCEPTED: 5,
        DeliveryState.BOUNCED: 1,
    }
    assert counted.reasons == ((DeliveryState.BOUNCED, "5.1.1", 1),)
