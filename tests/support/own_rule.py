"""A rule file of a node's own whose threshold rules are questions themselves."""

from __future__ import annotations

from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import read_book, shipped_book

FILE = "harbour.yaml"
CUSTOMER = "local.harbour.customer"
COMPANY = "local.harbour.company"
RUN = "local.harbour.run"
CLUSTER = "local.harbour.cluster"

OWN_RULE = """\
instrument:
  id: local.harbour
  issuer: {en: Harbour Board, zh: 港务局}
  title: {en: Harbour order on large customers, zh: 港口大客户令}
  citation: Harbour order 7
  kind: law
  published: 2025-01-10
  status:
  - {from: 2025-01-10, text: published, enforcement: not_yet_due, reference: s. 1, mark: found}
  - {from: 2025-07-01, text: in_force, enforcement: suspended, reference: s. 2, mark: found}
  - {from: 2025-10-01, text: in_force, enforcement: enforced, reference: s. 2a, mark: found}
  - {from: 2027-01-01, text: revoked, enforcement: not_binding, reference: s. 20, mark: found}
parameters:
- id: limit
  title: {en: Operations above which a customer is large, zh: 大客户算力阈值}
  unit: FLOP
  comparator: greater_than
  values:
  - {from: 2025-07-01, value: "1e24", reference: s. 3, mark: found}
  - {from: 2026-07-01, value: "5e23", reference: s. 3a, mark: second_hand}
- id: rate
  title: {en: Rate from which a cluster is large, zh: 大型集群速率}
  unit: FLOP/s
  comparator: at_least
  values:
  - {from: 2025-07-01, value: "1e18", reference: s. 4, mark: found}
- id: near
  title: {en: Share from which we look, zh: 开始关注的比例}
  unit: share
  values:
  - {from: undated, value: "0.75", reference: our own setting, mark: configuration}
- id: partners
  title: {en: Places that are left out, zh: 除外地区}
  unit: list
  values:
  - {from: 2025-07-01, value: ["FR"], reference: s. 6, mark: found}
  - {from: 2026-01-01, value: ["FR", "NO"], reference: s. 6a, mark: found}
- id: report_period
  title: {en: Time to report, zh: 报告期限}
  unit: day
  values:
  - {from: 2025-07-01, value: 30, reference: s. 5, mark: found}
- id: clock
  title: {en: Time to call, zh: 电话通知期限}
  unit: hour
  values:
  - {from: 2025-07-01, value: 30, reference: s. 5, mark: found}
obligations:
- id: report
  duty: {en: Report the large customer, zh: 报告大客户}
  who: provider
  to: {en: Harbour Board, zh: 港务局}
  period: report_period
  counted_from: crossing
  reference: s. 5
- id: call
  duty: {en: Call the Board, zh: 致电港务局}
  who: provider
  to: {en: Harbour Board, zh: 港务局}
  period: clock
  counted_from: crossing
  reference: s. 5
- id: sum_up
  duty: {en: Sum up the quarter, zh: 汇总季度}
  who: provider
  to: {en: Harbour Board, zh: 港务局}
  period: report_period
  counted_from: quarter_end
  reference: s. 5
- id: ask.leave
  duty: {en: Ask for leave, zh: 申请许可}
  who: provider
  to: {en: Harbour Board, zh: 港务局}
  counted_from: before_crossing
  reference: s. 5
- id: answer
  duty: {en: Answer the Board, zh: 答复港务局}
  who: provider
  to: {en: Harbour Board, zh: 港务局}
  period: report_period
  counted_from: request
  reference: s. 5
- id: keep
  duty: {en: Keep watch, zh: 持续监测}
  who: provider
  to: {en: Harbour Board, zh: 港务局}
  counted_from: continuous
  reference: s. 5
thresholds:
- id: customer
  title: {en: Large customer, zh: 大客户}
  subject: customer
  measure: compute_used
  parameter: limit
  approach: local.harbour.near
  obligations: [report, call, sum_up, ask.leave, answer, keep]
- id: company
  title: {en: Large company from elsewhere, zh: 外来大公司}
  subject: customer
  measure: compute_used
  parameter: limit
  approach: local.harbour.near
  conditions:
  - {fact: customer_kind, type: enum, values: [individual, entity], is: entity}
  - {fact: country, type: country, not_in: {parameter: local.harbour.partners}}
  obligations: [report]
- id: run
  title: {en: Large run, zh: 大型训练}
  subject: run
  measure: training_compute
  parameter: limit
  conditions:
  - {fact: kind, type: string, in: [pretrain, finetune]}
- id: cluster
  title: {en: Large cluster, zh: 大型集群}
  subject: cluster
  measure: peak_rate
  parameter: rate
  conditions:
  - {fact: country, type: country, not_in: {parameter: local.harbour.partners}}
"""


def own_book(text: str = OWN_RULE) -> RuleBook:
    """Return the shipped book with the rule file added."""
    return read_book([(FILE, text)], base=shipped_book(), local=True)
