#!/usr/bin/python3
"""Validates files against a schema of deploy/schema: validate.py NAME FILE...

A file holds one JSON value, or one a line (.jsonl). Status 1 names the first fault."""
import json
import pathlib
import sys

import jsonschema

SCHEMAS = pathlib.Path(__file__).parents[2] / "deploy" / "schema"


def values(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.split("\n") if line]
    return [json.loads(text)]


def main(name, *files):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    for file in map(pathlib.Path, files):
        found = values(file)
        if not found:
            return f"{file}: nothing to validate"
        for value in found:
            for fault in validator.iter_errors(value):
                return f"{file}: {fault.json_path}: {fault.message}"
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
