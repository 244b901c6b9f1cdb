/* Any bytes as TAP. */
#include "reader.h"

READER("tap")
