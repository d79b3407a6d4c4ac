"""Are our ids the standard's?"""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import named, numbered


@given(namespace=st.uuids(), name=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_name_gives_the_id_that_rfc_9562_gives(namespace: UUID, name: str) -> None:
    made = named(namespace, name)
    assert made == uuid5(namespace, name)
    assert (str(made), made.version) == (str(uuid5(namespace, name)), 5)


@given(number=st.integers(0, 2**128 - 1))
def test_a_number_gives_the_id_with_these_bits(number: int) -> None:
    assert numbered(number) == UUID(int=number)
