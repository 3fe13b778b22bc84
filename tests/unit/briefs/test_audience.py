"""What one stamp proves of another: whoever sees the one sees the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.audience import EVERYBODY, check_audience, reaches
from briefs.errors import NoRecipientError
from knowledge.access import Viewer
from knowledge.model import Access, Stamp
from knowledge.sharing import Audience
from tests.homes import START

_IDS = st.integers(1, 3)
_PERSONS = st.frozensets(_IDS, max_size=2)
_STAMPS = st.builds(
    Stamp,
    _IDS,
    st.sampled_from(Access),
    _IDS,
    st.just(START),
    shared=st.booleans(),
    recipients=_PERSONS,
)
_VIEWERS = st.builds(
    Viewer,
    person_id=st.none() | _IDS,
    branches=st.none() | st.frozensets(_IDS, max_size=2),
)


@given(record=_STAMPS, whom=_STAMPS, viewer=_VIEWERS)
def test_who_sees_what_is_stamped_sees_what_reaches_it(
    record: Stamp, whom: Stamp, viewer: Viewer
) -> None:
    if reaches(record, whom) and viewer.may_see(whom):
        assert viewer.may_see(record)


@given(stamp=_STAMPS)
def test_a_record_reaches_its_own_readers_and_a_public_one_everybody(stamp: Stamp) -> None:
    assert reaches(stamp, stamp)
    assert reaches(Stamp(1, Access.PUBLIC, 1, START), stamp)


def test_an_edition_for_named_persons_names_one() -> None:
    check_audience(EVERYBODY)
    check_audience(Audience(access=Access.NAMED, recipients=frozenset({1})))
    with pytest.raises(NoRecipientError):
        check_audience(Audience(access=Access.NAMED))
