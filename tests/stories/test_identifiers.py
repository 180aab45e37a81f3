"""Receipt codes survive handwriting; identifiers are random."""

from newsletter.stories.record.identifiers import code_hash, new_code, new_id, read_code


def test_a_code_typed_back_in_any_dress_is_the_same_code() -> None:
    shown = new_code()
    bare = shown.replace("-", "")
    assert read_code(shown) == bare
    assert read_code(shown.lower()) == bare
    assert read_code(f"  {bare[:5]} {bare[5:]}. ") == bare
    assert read_code(shown.replace("0", "O").replace("1", "l")) == bare


def test_a_slip_of_the_pen_is_noticed() -> None:
    code = read_code(new_code())
    assert code is not None
    swapped = [
        code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        for at in range(14)
        if (ord(code[at]) - ord(code[at + 1])) and {code[at], code[at + 1]} != {"0", "Z"}
    ]
    assert all(read_code(one) is None for one in swapped)
    assert read_code(code[:-1]) is None
    assert read_code("") is None


def test_a_code_is_found_again_by_its_hash_alone() -> None:
    code = read_code(new_code()) or ""
    assert code_hash(code) == code_hash(code)
    assert code not in code_hash(code)
    assert code_hash(code) != code_hash(read_code(new_code()) or "")


def test_identifiers_differ() -> None:
    assert len({new_id() for _ in range(500)}) == 500
