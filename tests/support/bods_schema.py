"""What the reference of BODS 0.4 asks of a statement, as a JSON schema of our own wording.

Source: standard.openownership.org/en/0.4.0, schema reference and codelists. The
examples of the standard and the fixtures of its users are held against it too,
so that it refuses nothing that the standard allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

_DAY = {"type": "string", "format": "date"}
_MOMENT = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
_PARTIAL = {"anyOf": [_DAY, {"type": "string", "pattern": r"^\d{4}(-(0[1-9]|1[0-2]))?$"}]}
_TEXT = {"type": "string"}
_PERCENT = {"type": "number", "minimum": 0, "maximum": 100}
_REASON = {
    "type": "object",
    "required": ["reason"],
    "properties": {
        "reason": {
            "enum": [
                "noBeneficialOwners",
                "subjectUnableToConfirmOrIdentifyBeneficialOwner",
                "interestedPartyHasNotProvidedInformation",
                "subjectExemptFromDisclosure",
                "interestedPartyExemptFromDisclosure",
                "unknown",
                "informationUnknownToPublisher",
            ]
        },
        "description": _TEXT,
    },
}
_IDENTIFIERS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"id": _TEXT, "scheme": _TEXT, "schemeName": _TEXT},
        "anyOf": [{"required": ["scheme"]}, {"required": ["schemeName"]}],
    },
}
_COUNTRY = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": _TEXT, "code": {"type": "string", "minLength": 2, "maxLength": 2}},
}
_JURISDICTION = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": _TEXT, "code": {"type": "string", "minLength": 2, "maxLength": 6}},
}
_INTEREST = {
    "type": "object",
    "properties": {
        "type": {
            "enum": [
                *("shareholding", "votingRights", "appointmentOfBoard"),
                *("otherInfluenceOrControl", "seniorManagingOfficial", "settlor", "trustee"),
                *("protector", "beneficiaryOfLegalArrangement"),
                *("rightsToSurplusAssetsOnDissolution", "rightsToProfitOrIncome"),
                *("rightsGrantedByContract", "conditionalRightsGrantedByContract"),
                *("controlViaCompanyRulesOrArticles", "controlByLegalFramework"),
                *("boardMember", "boardChair", "unknownInterest", "unpublishedInterest"),
                *("enjoymentAndUseOfAssets", "rightToProfitOrIncomeFromAssets"),
                *("nominee", "nominator"),
            ]
        },
        "directOrIndirect": {"enum": ["direct", "indirect", "unknown"]},
        "beneficialOwnershipOrControl": {"type": "boolean"},
        "details": _TEXT,
        "share": {
            "type": "object",
            "properties": dict.fromkeys(
                ("exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _PERCENT
            ),
        },
        "startDate": _DAY,
        "endDate": _DAY,
    },
}
_SIDE = {"oneOf": [_TEXT, _REASON]}
_DETAILS: Mapping[str, Mapping[str, Any]] = {
    "entity": {
        "required": ["isComponent", "entityType"],
        "properties": {
            "isComponent": {"type": "boolean"},
            "entityType": {
                "type": "object",
                "required": ["type"],
                "properties": {
                    "type": {
                        "enum": [
                            *("registeredEntity", "legalEntity", "arrangement"),
                            *("anonymousEntity", "unknownEntity", "state", "stateBody"),
                        ]
                    },
                    "subtype": {
                        "enum": [
                            *("governmentDepartment", "stateAgency"),
                            *("other", "trust", "nomination"),
                        ]
                    },
                },
            },
            "unspecifiedEntityDetails": _REASON,
            "name": _TEXT,
            "alternateNames": {"type": "array", "items": _TEXT},
            "jurisdiction": _JURISDICTION,
            "identifiers": _IDENTIFIERS,
            "foundingDate": _DAY,
            "dissolutionDate": _DAY,
        },
    },
    "person": {
        "required": ["isComponent", "personType"],
        "properties": {
            "isComponent": {"type": "boolean"},
            "personType": {"enum": ["anonymousPerson", "unknownPerson", "knownPerson"]},
            "unspecifiedPersonDetails": _REASON,
            "names": {"type": "array", "items": {"type": "object"}},
            "nationalities": {"type": "array", "items": _COUNTRY},
            "identifiers": _IDENTIFIERS,
            "birthDate": _PARTIAL,
            "deathDate": _PARTIAL,
        },
    },
    "relationship": {
        "required": ["isComponent", "subject", "interestedParty"],
        "properties": {
            "isComponent": {"type": "boolean"},
            "componentRecords": {"type": "array", "items": _TEXT},
            "subject": _SIDE,
            "interestedParty": _SIDE,
            "interests": {"type": "array", "items": _INTEREST},
        },
    },
}
_STATEMENT = {
    "type": "object",
    "required": [
        *("statementId", "declarationSubject", "recordId"),
        *("recordType", "recordDetails", "statementDate"),
    ],
    "properties": {
        "statementId": {"type": "string", "minLength": 32, "maxLength": 64},
        "statementDate": _MOMENT,
        "declarationSubject": _TEXT,
        "declaration": _TEXT,
        "recordId": _TEXT,
        "recordType": {"enum": ["entity", "person", "relationship"]},
        "recordStatus": {"enum": ["new", "updated", "closed"]},
        "recordDetails": {"type": "object"},
        "publicationDetails": {
            "type": "object",
            "required": ["publicationDate", "bodsVersion", "publisher"],
            "properties": {
                "publicationDate": _MOMENT,
                "bodsVersion": {"const": "0.4"},
                "publisher": {
                    "type": "object",
                    "anyOf": [{"required": ["name"]}, {"required": ["url"]}],
                },
            },
        },
        "source": {
            "type": "object",
            "properties": {
                "type": {
                    "type": "array",
                    "items": {
                        "enum": [
                            *("selfDeclaration", "officialRegister", "thirdParty"),
                            *("primaryResearch", "verified"),
                        ]
                    },
                },
                "description": _TEXT,
            },
        },
    },
    "allOf": [
        {
            "if": {"properties": {"recordType": {"const": name}}},
            "then": {"properties": {"recordDetails": {"type": "object", **details}}},
        }
        for name, details in _DETAILS.items()
    ],
}
_VALIDATOR = Draft202012Validator(
    {"type": "array", "items": _STATEMENT}, format_checker=FormatChecker()
)


def faults(statements: object) -> list[str]:
    """Return what is wrong in statements by the schema, and by what the text asks beside it.

    Ids of statements are each once; every side of a relationship stands in the
    file, as does the subject of every declaration.
    """
    found = [f"{one.json_path}: {one.message}" for one in _VALIDATOR.iter_errors(statements)]
    if found or not isinstance(statements, list):
        return found
    ids = [one["statementId"] for one in statements]
    found += [f"{one}: stands twice" for one in sorted(set(ids)) if ids.count(one) > 1]
    parties = {one["recordId"] for one in statements if one["recordType"] != "relationship"}
    for one in statements:
        named = [one["declarationSubject"]]
        if one["recordType"] == "relationship":
            named += [one["recordDetails"][side] for side in ("subject", "interestedParty")]
        found += [
            f"{one['statementId']}: {name} stands nowhere"
            for name in named
            if isinstance(name, str) and name not in parties
        ]
    return found
