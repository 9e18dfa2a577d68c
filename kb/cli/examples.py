"""One example of each verb, as its --help shows it."""

from __future__ import annotations

EXAMPLES = {
    "build": "renvoi build my-corpus -o mine.kb",
    "new": "renvoi new my-corpus",
    "import": "renvoi import circulaire.pdf -o mine.kb",
    "show": "renvoi show css/D253-81 --at 1997-05-01",
    "cite": "renvoi cite arret.txt --within css/D133-1",
    "limits": "renvoi limits circulaire.txt",
    "check": "renvoi check memo.docx --at 2024-06-03 --docx memo-relu.docx",
    "follow": "renvoi follow css/D133-1 --in --at 1997-05-01",
    "diff": "renvoi diff css/D253-81 1993-08-31 1993-09-01",
    "history": "renvoi history css/D253-81",
    "search": "renvoi search remises gracieuse --at 1997-05-01",
    "impact": "renvoi impact 2007-10-19 2007-10-20 --on rules",
    "stale": "renvoi stale --at 2010-01-01",
    "watch": "renvoi watch my-documents --at 2024-06-03",
    "rules": "renvoi rules --at 1997-05-01 --about css/D133-1",
    "apply": """renvoi apply indu-rmi --at 1997-01-15 --facts '{"montant": "499.99 F"}'""",
    "trace": "renvoi trace indu-rmi --at 1997-05-01",
    "dossier": "renvoi dossier css/D253-81 --at 1997-05-01 -o answer.json",
    "verify": "renvoi verify",
    "sparql": "renvoi sparql 'select distinct ?text where { ?text eli:cites <css/D133-1> }'",
    "export": "renvoi export csv tables",
    "site": "renvoi site serve --port 8000",
    "serve": "renvoi serve --port 8000",
    "mcp": "renvoi mcp --kb css.kb",
}
