"""The cast itself: the outsider sees nothing of it, and the journal vouches for every row."""

from guixiao.journal.verify import verify
from guixiao.people.scopes import visible
from guixiao.testing.cast import CHILDREN, Cast


def names(cast: Cast, post: str) -> set[str]:
    return set(visible(cast.actor(post), "student.view").values_list("name", flat=True))


def test_each_way_to_see_a_child(cast: Cast) -> None:
    assert names(cast, "class_teacher") == set(CHILDREN)
    assert names(cast, "village_head") == set(CHILDREN)
    assert names(cast, "basic_education") == {*CHILDREN, "石远"}
    assert names(cast, "outsider") == {"石远"}
    assert names(cast, "province_officer") == set()
    assert names(cast, "system_admin") == set()


def test_the_journal_vouches_for_the_cast(cast: Cast) -> None:
    cast.actor("class_teacher")
    report = verify()
    assert report.problems == []
    assert report.records > 150
