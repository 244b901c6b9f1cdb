/* Any bytes as what testssl.sh writes. */
#include "reader.h"

READER("testssl")
