/* senior_facts: everything that senior-qa saw of a site. */
#ifndef AGENTS_SENIOR_SENIOR_FACTS_H
#define AGENTS_SENIOR_SENIOR_FACTS_H

#include "agents/senior/access.h"
#include "agents/senior/conduct.h"
#include "agents/senior/rehearsal.h"
#include "agents/senior/trial.h"

struct senior_facts {
    struct terrain terrain;
    struct access *access; /* what was read of its pages */
    struct conduct conduct;
    struct trials trials;
    struct api_notes api;
};

#endif
