"""The ``brief`` commands on the gate: what holds a brief back, and letting a statement stand."""

import json
from collections.abc import Sequence

import click

from briefs.errors import UnknownStatementError
from briefs.gating.headed import title_of
from briefs.gating.reports import Checked, Finding, Report, State
from briefs.workbench.cli import console
from briefs.workbench.cli.briefing import brief
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.cli.values import ID
from briefs.workbench.verdicts import both, decided, named, shortened


@brief.command("check", help=help_words("brief.check.help"))
@click.argument("brief_id", type=ID)
@click.option("--json", "as_json", is_flag=True, help=help_words("brief.check.json"))
@pass_session
def check_brief(session: Session, brief_id: int, as_json: bool) -> None:
    """Put a brief through the gate."""
    workbench = session.workbench
    report = workbench.gating.report(workbench.briefs.get(brief_id))
    if as_json:
        for each in _told_of(report):
            click.echo(json.dumps(_record(each), ensure_ascii=False))
        return
    _print(report)


@brief.command(help=help_words("brief.decide.help"))
@click.argument("brief_id", type=ID)
@click.argument("number", type=click.IntRange(min=0))
@click.option("--reason", required=True, help=help_words("brief.decide.reason"))
@pass_session
def decide(session: Session, brief_id: int, number: int, reason: str) -> None:
    """Let a statement stand where the gate asks for a person."""
    workbench = session.workbench
    found = workbench.briefs.get(brief_id)
    lines = (title_of(found.title), *found.statements)
    id_ = lines[number].id if number < len(lines) else None
    if id_ is None:
        raise UnknownStatementError(id=brief_id, number=number)
    workbench.gating.decide(found, id_, reason=reason, actor=workbench.actor)
    say("brief.decided", id=brief_id, number=number, name=workbench.actor.name)


def _print(report: Report) -> None:
    words = console.words()
    rows: list[tuple[object, ...]] = []
    for each in _told_of(report):
        if each.state is State.OWN and not each.findings:
            continue
        head = (each.number, words(f"gate.state.{each.state}"))
        if each.decision is not None:
            day = f"{each.decision.made_at.astimezone():%Y-%m-%d}"
            told = decided(words, each.decision, at=day)
            rows.append((*head, told, shortened(each.statement.text), "", ""))
        elif not each.findings:
            rows.append((*head, "", shortened(each.statement.text), "", ""))
        for at, finding in enumerate(() if each.decision else each.findings):
            rows.append((*(("", "") if at else head), *_row(finding)))
    columns = ("gate.column.number#", "check.column.outcome", "check.column.what")
    more = ("check.column.statement", "check.column.evidence", "brief.check.page")
    console.table((*columns, *more), rows)
    say("gate.progress", through=report.through, total=report.total)
    counts = report.counts
    stopped = [state for state in State if state.stops and counts[state]]
    for state in stopped:
        say(f"gate.stops.{state}", count=counts[state])
    if not stopped:
        say("gate.clean")


def _told_of(report: Report) -> Sequence[Checked]:
    """The statements, and the title where a person is or was asked."""
    title = report.title
    return report.checked if title is None or title.state is State.OWN else report.everything


def _row(finding: Finding) -> tuple[str, str, str, str]:
    readings = finding.readings
    pages = " ".join(dict.fromkeys(reading.href for reading in readings))
    return (
        named(console.words(), finding.what),
        finding.statement.words,
        both(readings, finding.value),
        pages,
    )


def _record(each: Checked) -> dict[str, object]:
    faults = [finding for finding in each.findings if finding.is_fault]
    doubts = [finding for finding in each.findings if not finding.is_fault]
    decision = each.decision
    return {
        "number": each.number,
        "kind": each.statement.kind.value,
        "statement": each.statement.text,
        "state": each.state.value,
        "faults": [{"type": f.what.value, **_told(f)} for f in faults],
        "doubts": [{"reason": d.what.value, **_told(d)} for d in doubts],
        "decision": None
        if decision is None
        else {
            "by": decision.name,
            "at": decision.made_at.isoformat(),
            "reason": decision.reason,
        },
    }


def _told(finding: Finding) -> dict[str, object]:
    place = finding.statement
    spots: Sequence[dict[str, object]] = [
        {"words": reading.words, "href": reading.href} for reading in finding.readings
    ]
    return {
        "statement": place.words,
        "span": [place.start, place.end],
        "evidence": spots,
        "value": finding.value,
    }


COMMANDS = (brief,)
