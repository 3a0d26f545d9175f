"""Write a synthetic world: raw source files, and the truth about them."""

import json
from datetime import date
from pathlib import Path

from sluicegate.demo.draft import Draft
from sluicegate.demo.foreign import write_foreign
from sluicegate.demo.lineage_files import write_lineages
from sluicegate.demo.list_files import write_lists
from sluicegate.demo.native import write_native
from sluicegate.demo.noise import add_unknown_accelerators, add_unmapped_accounts
from sluicegate.demo.patterns.evasion import add_evasion
from sluicegate.demo.patterns.growth import add_fast_growth
from sluicegate.demo.patterns.honest import add_honest
from sluicegate.demo.patterns.labs import add_labs
from sluicegate.demo.patterns.linked import add_linked_customers, add_signals
from sluicegate.demo.patterns.listed import add_listed_parties
from sluicegate.demo.patterns.machines import add_machines
from sluicegate.demo.patterns.models import add_models
from sluicegate.demo.patterns.owners import add_foreign_owners
from sluicegate.demo.patterns.splits import add_split_accounts, add_split_customers
from sluicegate.demo.patterns.tuners import add_fine_tuners
from sluicegate.demo.reckoning import cluster_truths, customer_truths, unmapped_accounts
from sluicegate.demo.sites import open_sites
from sluicegate.demo.truth import Truth

AS_OF = date(2026, 6, 30)
FEWEST_CUSTOMERS = 300
TRUTH_FILE = "truth.json"

_README = """\
Everything in this folder is synthetic
======================================

A program drew these files from seed {seed}. No person, firm, address, account, machine or
run in them exists. Do not use them as data about the world.

customers, ownership, facilities, clusters, runs, account_map, account_signals,
usage-native (.csv)
    native files; usage with the offset of its place
focus.csv
    FOCUS 1.0 billing. The account is SubAccountId. The rented machine stands in
    ResourceType and x_InstanceType; ConsumedQuantity counts machine hours; Tags name the
    cluster. Charges for storage and transfer, and credits, are no accelerator use.
slurm.txt
    sacct --parsable2. Instants are in UTC. The accelerator stands in AllocTRES. Lines of
    job steps (.batch) repeat their job.
lists/DAY/us_sdn.csv, us_entity.csv, own.csv
    lists of parties as they stood on two days, under the ids of two real lists and of an own
    one. Every entry is invented; the issuers of the real lists published none of it.
lineages/MODEL.json
    what led to a model, as its maker would state it.
truth.json
    what is true: use, control, runs, patterns and look-alikes, and which lines are broken.

One year of use up to {as_of}. True FLOP of a record = accelerators x seconds x peak dense
BF16 FLOP per second x true utilisation.
"""


def write_world(folder: Path, *, seed: int, customers: int = 2000, as_of: date = AS_OF) -> Truth:
    """Write one synthetic year up to `as_of` to a folder and return what is true of it.

    The same seed, customers and as_of give the same bytes. The folder is made when it is
    absent; files of an earlier world in it are replaced.

    Raises:
        ValueError: there are too few customers for every pattern.
    """
    if customers < FEWEST_CUSTOMERS:
        raise ValueError(
            f"customers: {customers} are too few to show every pattern; "
            f"give at least {FEWEST_CUSTOMERS}"
        )
    draft = draw_world(seed=seed, customers=customers, as_of=as_of)
    folder.mkdir(parents=True, exist_ok=True)
    broken_lines = write_native(folder, draft)
    write_foreign(folder, draft)
    write_lists(folder, draft)
    write_lineages(folder, draft)
    truth = Truth(
        seed=seed,
        as_of=as_of,
        customers=customer_truths(draft),
        runs=tuple(draft.run_truths),
        patterns=tuple(draft.patterns),
        clusters=cluster_truths(draft),
        broken_lines=tuple(broken_lines),
        unmapped_accounts=unmapped_accounts(draft),
        unknown_accelerators=tuple(draft.unknown_accelerators),
    )
    text = json.dumps(truth.to_json(), ensure_ascii=False, indent=1) + "\n"
    (folder / TRUTH_FILE).write_text(text, encoding="utf-8", newline="\n")
    readme = _README.format(seed=seed, as_of=as_of.isoformat())
    (folder / "README.txt").write_text(readme, encoding="utf-8", newline="\n")
    return truth


def draw_world(*, seed: int, customers: int, as_of: date) -> Draft:
    """Draw everything that the files of a world will hold."""
    draft = Draft(seed=seed, customers=customers, as_of=as_of)
    sites = open_sites(draft)
    add_labs(draft)
    add_split_customers(draft, sites)
    add_split_accounts(draft, sites)
    add_fine_tuners(draft, sites)
    add_fast_growth(draft, sites)
    add_foreign_owners(draft, sites)
    add_machines(draft)
    add_linked_customers(draft, sites)
    add_listed_parties(draft, sites)
    add_evasion(draft)
    add_honest(draft, sites)
    add_unmapped_accounts(draft, sites)
    add_unknown_accelerators(draft)
    add_signals(draft)
    add_models(draft)
    return draft
