// What Wire sees of simdjson.
#pragma once
#include "select.h"
