"""Commands that run the application and look after it: serve, demo, doctor."""

from dataclasses import replace
from pathlib import Path

import click

from briefs.workbench import serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import console, dividing, encoding
from briefs.workbench.cli.console import help_words, say
from briefs.workbench.cli.context import Session, pass_session
from briefs.workbench.demo import loading
from briefs.workbench.settings import Settings, default_home
from knowledge.accounts.actions import Action
from knowledge.health import Doctor, Finding

_FAULTS_SHOWN = 10


@click.command(help=help_words("serve.help"))
@click.option("--port", type=click.IntRange(1, 65535), help=help_words("serve.port"))
@click.option("--host", help=help_words("serve.host"))
@pass_session
def serve(session: Session, port: int | None, host: str | None) -> None:
    """Run the application until it is stopped."""
    workbench = session.workbench
    if not workbench.signing_in.register.has_administrator():
        say("serve.no_administrator")
    _serve(session.settings, port, host)


@click.command(help=help_words("demo.help"))
@click.option("--port", type=click.IntRange(1, 65535), help=help_words("serve.port"))
@click.option("--host", help=help_words("serve.host"))
@click.option("--no-serve", is_flag=True, help=help_words("demo.no_serve"))
@pass_session
def demo(session: Session, port: int | None, host: str | None, no_serve: bool) -> int:
    """Make the built-in fictional collection, once, and run the application on it."""
    home = session.home or default_home().with_name("zhiku-demo")
    settings = replace(session.settings, home=Path(home).resolve(), **loading.DEMO_SETTINGS)
    workbench = Workbench(settings)
    try:
        with console.progress("demo.making", 0) as bar:
            made = loading.load(workbench, progress=bar.to)
        opened = [] if no_serve else loading.open_accounts(workbench)
    finally:
        workbench.close()
    say("demo.ready", home=settings.home, documents=made.documents, briefs=made.briefs)
    if not no_serve:
        say("demo.accounts")
        rows = [(account.name, account.login, password) for account, password in opened]
        columns = ("account.column.name", "account.column.login", "entrance.password")
        console.table(columns, rows)
        _serve(settings, port, host)
    return 0


@click.command(help=help_words("doctor.help"))
@click.option("--repair", is_flag=True, help=help_words("doctor.repair"))
@click.option("--forget-encoders", is_flag=True, help=help_words("doctor.forget"))
@pass_session
def doctor(session: Session, repair: bool, forget_encoders: bool) -> int:
    """Compare SQL, originals and indexes; say what was found, repair what can be rebuilt."""
    if forget_encoders:
        dividing.forget_encoders(session.workbench)
    examiner = session.workbench.doctor
    findings = _examined(examiner)
    faulty = [finding for finding in findings if not finding.is_sound]
    waiting = max(finding.waiting for finding in findings)
    if (faulty or waiting) and repair:
        with console.progress("add.encoding", 0) as bar:
            is_done = examiner.repair(bar.to)
        session.workbench.note(Action.REPAIR, done=is_done)
        say("doctor.repaired" if is_done else "doctor.refused")
        findings = _examined(examiner)
        faulty = [finding for finding in findings if not finding.is_sound]
        waiting = max(finding.waiting for finding in findings)
    encoding.describe(session.workbench)
    dividing.describe(session.workbench)
    _say_overdue(session.workbench)
    if not faulty:
        if waiting:
            say("doctor.waiting", n=waiting)
        else:
            say("doctor.sound")
        return 0
    can_help = not repair and any(finding.can_repair for finding in faulty)
    say("doctor.advice" if can_help else "doctor.faulty")
    return 1


def _say_overdue(bench: Workbench) -> None:
    if due := bench.erasing.due(actor=bench.actor):
        say("privacy.overdue", n=due)


def _serve(settings: Settings, port: int | None, host: str | None) -> None:
    serving.serve(replace(settings, port=port or settings.port, host=host or settings.host))


def _examined(examiner: Doctor) -> list[Finding]:
    words = console.words()
    findings: list[Finding] = []
    for finding in examiner.examine():
        findings.append(finding)
        state = "doctor.ok" if finding.is_sound else "doctor.fault"
        if finding.is_sound and finding.waiting:
            state = "doctor.behind"
        click.echo(
            words(
                "doctor.line",
                check=words(f"doctor.check.{finding.check}"),
                n=finding.counted,
                state=words(state, n=len(finding.faults) or finding.waiting),
            )
        )
        for fault in finding.faults[:_FAULTS_SHOWN]:
            click.echo(f"    {fault}")
    return findings


COMMANDS = (serve, demo, doctor)
