"""What a page tells a person: what was done, and what was refused, look different."""

from streamlit.testing.v1 import AppTest

from briefs.workbench.pages.common import Sort


def _page() -> None:
    from briefs.workbench.pages.common import Sort, say, show_said

    say("已绑定。")
    say("先点一句。", sort=Sort.REFUSED)
    show_said()


def test_a_refusal_has_no_tick() -> None:
    test = AppTest.from_function(_page).run()
    assert not test.exception
    assert [(each.value, each.icon) for each in test.toast] == [
        ("已绑定。", Sort.DONE.value),
        ("先点一句。", Sort.REFUSED.value),
    ]
