"""A real name server on loopback, that knows the TXT records it is given and no other name.

A record that begins with `MX ` is one of those.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset


@contextmanager
def name_server(records: Mapping[str, list[str]]) -> Iterator[None]:
    """While it runs, this process asks no other one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as place:
        place.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer, args=(place, records))
        thread.start()
        before = dns.resolver.default_resolver
        ours = dns.resolver.Resolver(configure=False)
        ours.nameservers, ours.port = ["127.0.0.1"], place.getsockname()[1]
        dns.resolver.default_resolver = ours
        try:
            yield
        finally:
            dns.resolver.default_resolver = before
            place.sendto(b"", place.getsockname())
            thread.join()


def _answer(place: socket.socket, records: Mapping[str, list[str]]) -> None:
    while True:
        asked, whose = place.recvfrom(4096)
        if not asked:
            return
        query = dns.message.from_wire(asked)
        name = query.question[0].name
        answer = dns.message.make_response(query)
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        known = records.get(name.to_text(omit_final_dot=True))
        if known is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
            known = []
        if kind == "TXT":
            said = [f'"{one}"' for one in known if not one.startswith("MX ")]
        else:
            said = [one.removeprefix("MX ") for one in known if one.startswith(f"{kind} ")]
        if said:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *said))
        place.sendto(answer.to_wire(), whose)
