// simdjson behind C functions. No names of ours stand here: Swift says what it wants.
#pragma once

#include "select.h"
#include "walk.h"
