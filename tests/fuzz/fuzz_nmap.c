/* Any bytes as what nmap writes. */
#include "reader.h"

READER("nmap")
