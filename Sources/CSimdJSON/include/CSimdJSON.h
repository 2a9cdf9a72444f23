// What Wire sees of simdjson.
#pragma once
#include "walk.h"
