"""Goal: every path of the path set gets the status of the table, or the web server's own refusal."""
import re

import pytest

from vocabulary import DATA, own_words


def paths():
    for line in (DATA / "paths.tsv").read_text().splitlines():
        if line and line[0] != "#":
            path, status, about = line.split("\t")
            if path == "/":  # the sample site
                continue
            yield pytest.param(path, int(status), id=f"{about} {path}"[:60])


@pytest.mark.parametrize("path, status", paths())
def test_a_path_gets_its_status(stack, path, status):
    path = re.sub(r"<(\d+)>", lambda found: "a" * int(found.group(1)), path)
    reply = stack.get(path)
    if reply.header("x-request-id"):
        assert reply.status == status, reply
    else:  # it never reached the service
        assert status >= 400 and reply.status in own_words(stack.server, "path"), reply
