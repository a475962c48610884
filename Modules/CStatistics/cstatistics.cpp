#include "cstatistics.h"
