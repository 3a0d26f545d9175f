"""`sluicegate rules`: all its commands together."""

from __future__ import annotations

from sluicegate.cli import authoring, law_over_time, questions, rules

app = rules.app

app.command("questions")(questions.questions)
app.command("schema")(questions.schema)
app.command("new")(authoring.new)
app.command("check")(authoring.check)
app.command("test")(authoring.worked_cases)
app.command("coverage")(authoring.coverage)
app.command("diff")(law_over_time.diff)
app.command("timeline")(law_over_time.timeline)
