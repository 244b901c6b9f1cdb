/* Any bytes as SARIF. */
#include "reader.h"

READER("sarif")
