// simdjson behind C functions. It knows no field names; Swift passes those it wants.
#pragma once

#include "select.h"
#include "walk.h"
