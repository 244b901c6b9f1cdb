/* Any bytes as JUnit XML. */
#include "reader.h"

READER("junit")
