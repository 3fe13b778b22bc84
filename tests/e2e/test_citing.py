"""In a browser: citing is offered where a statement takes evidence; a lost server is named so."""

from playwright.sync_api import expect

from tests.e2e.conftest import NewPage


def test_citing_waits_for_a_statement_that_takes_evidence(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(f"{address}/drafts?brief=1")
    field = page.locator(".desk .row textarea").first
    expect(field).to_be_visible(timeout=60_000)
    search = page.locator(".st-key-desk-query input")
    search.fill("十二万人次")
    search.press("Enter")
    cite = page.get_by_role("button", name="引为证据").first
    expect(cite).to_be_visible(timeout=30_000)
    expect(cite).to_be_disabled()
    field.click()
    expect(cite).to_be_enabled(timeout=15_000)


def test_what_a_lost_server_says_is_put_otherwise(new_page: NewPage, address: str) -> None:
    for language, said in (("zh", "服务器没有应答"), ("en", "The server does not answer")):
        page = new_page()
        page.goto(f"{address}/drafts?lang={language}")
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('p'), { textContent:"
            " 'Streamlit server is not responding. Are you connected to the internet?' }))"
        )
        expect(page.get_by_text(said)).to_be_visible(timeout=15_000)
        expect(page.get_by_text("Streamlit server")).to_have_count(0)
