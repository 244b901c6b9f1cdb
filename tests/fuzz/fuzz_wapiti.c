/* Any bytes as what wapiti writes. */
#include "reader.h"

READER("wapiti")
