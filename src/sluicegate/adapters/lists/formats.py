"""The readers in the order in which a file is offered to them; the first that knows it reads it."""

from __future__ import annotations

from sluicegate.adapters.lists import (
    csl,
    dod,
    dpl,
    eu_fsf,
    eu_journal,
    ftm,
    gleif,
    gleif_relationships,
    ofac_advanced,
    ofac_csv,
    ofac_xml,
    own,
    uk,
    un,
    vendor,
)
from sluicegate.adapters.lists.readers import Reader

READERS: tuple[Reader, ...] = (
    ofac_csv.READER,
    ofac_xml.READER,
    ofac_advanced.READER,
    csl.READER,
    dpl.READER,
    dod.READER,
    eu_fsf.XML,
    eu_fsf.CSV,
    eu_journal.READER,
    un.READER,
    uk.CSV,
    uk.XML,
    uk.OLDER,
    gleif.XML,
    gleif.CSV,
    gleif_relationships.READER,
    ftm.READER,
    vendor.READER,
    own.READER,
)
