"""What is said of templates, sections and forms, on pages and on the command line alike."""

from briefs.lengths.forms import Flaw, Proof
from briefs.templates import FormStanding, Section, Standing
from briefs.workbench.wording import Wording


def facts_of(section: Section, words: Wording) -> list[str]:
    """What a template asks of a section, in short words."""
    facts = [words("templating.required" if section.is_required else "templating.optional")]
    facts.append(words("templating.from_length", form=words(f"length.{section.length}")))
    if section.most is not None:
        facts.append(words("templating.counted", least=section.least, most=section.most))
    elif section.least > 1:
        facts.append(words("templating.at_least", least=section.least))
    facts += [words(f"templating.need.{need}") for need in section.needs]
    return facts


def gaps_of(standing: Standing, words: Wording) -> str:
    """What a section of a brief lacks; empty where it lacks nothing."""
    return words("explain.separator").join(words(f"templating.gap.{gap}") for gap in standing.gaps)


def state_of(form: FormStanding, words: Wording) -> str:
    """How long a form is, against its limits."""
    if not form.is_made:
        return words("templating.form_not_made")
    said = words("templating.characters", count=form.characters)
    if form.budget is not None:
        least, most = form.budget.least, form.budget.most
        said = words("templating.against", said=said, least=least, most=most)
    for is_so, key in ((form.is_over, "over"), (form.is_under, "under")):
        if is_so:
            said = words("explain.separator").join((said, words(f"templating.{key}")))
    return said


def proof_of(proof: Proof, words: Wording) -> str:
    """One sentence on what was proved."""
    key = "holds" if proof.holds else "fails"
    return words(
        f"lengths.proof_{key}",
        lines=proof.lines,
        hedges=proof.hedges,
        ties=proof.ties,
        flaws=len(proof.flaws),
    )


def flaw_of(flaw: Flaw, words: Wording) -> str:
    """One sentence on a departure: which, where, both readings."""
    key = "lengths.flaw_against" if flaw.meant else "lengths.flaw"
    named = words(f"lengths.flaw.{flaw.kind}")
    return words(key, kind=named, number=flaw.number, words=flaw.words, meant=flaw.meant)
