// The functions of calculator.wit. `wit-bindgen c` makes calculator.h and the code behind it from that file.
#include "calculator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef calculator_string_t string;
typedef exports_demo_calculator_shapes_point_t point;
typedef exports_demo_calculator_shapes_rectangle_t rectangle;
typedef exports_demo_calculator_shapes_shape_t shape;

enum { OUT_OF_RANGE = 1, DIVISION_BY_ZERO = 2 };

static bool fail(calculator_failure_t *failure, uint32_t code, const char *message) {
  failure->code = code;
  calculator_string_dup(&failure->message, message);
  return false;
}

int32_t exports_calculator_add(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a + (uint32_t)b); // wraps around
}

bool exports_calculator_divide(int32_t dividend, int32_t divisor, int32_t *quotient, calculator_failure_t *failure) {
  if (divisor == 0) return fail(failure, DIVISION_BY_ZERO, "division by zero");
  if (dividend == INT32_MIN && divisor == -1) return fail(failure, OUT_OF_RANGE, "the quotient does not fit s32");
  *quotient = dividend / divisor;
  return true;
}

bool exports_calculator_factorial(uint32_t n, uint64_t *product, calculator_failure_t *failure) {
  if (n > 20) return fail(failure, OUT_OF_RANGE, "the factorial of more than 20 does not fit u64");
  *product = 1;
  for (uint32_t i = 2; i <= n; i++) *product *= i;
  return true;
}

bool exports_calculator_summarize(calculator_list_f64_t *values, calculator_summary_t *summary) {
  if (values->len == 0) return false;
  double sum = 0;
  *summary = (calculator_summary_t){.count = values->len, .smallest = values->ptr[0], .largest = values->ptr[0]};
  for (size_t i = 0; i < values->len; i++) {
    double value = values->ptr[i];
    sum += value;
    summary->smallest = fmin(summary->smallest, value);
    summary->largest = fmax(summary->largest, value);
  }
  summary->mean = sum / (double)values->len;
  calculator_list_f64_free(values);
  return true;
}

int64_t exports_calculator_round(double value, calculator_rounding_t direction) {
  double whole = direction == CALCULATOR_ROUNDING_DOWN ? floor(value)
                 : direction == CALCULATOR_ROUNDING_UP ? ceil(value)
                                                       : round(value);
  if (whole >= 0x1p63) return INT64_MAX;
  if (whole >= -0x1p63) return (int64_t)whole;
  return isnan(whole) ? 0 : INT64_MIN;
}

void exports_calculator_format(int64_t value, calculator_style_t style, string *text) {
  uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
  unsigned base = style & CALCULATOR_STYLE_HEXADECIMAL ? 16 : 10, group = base == 16 ? 4 : 3;
  char buffer[32], *start = buffer + sizeof buffer;
  for (unsigned digits = 0; digits == 0 || rest > 0; digits++, rest /= base) {
    if (style & CALCULATOR_STYLE_GROUPING && digits > 0 && digits % group == 0) *--start = '_';
    *--start = "0123456789abcdef"[rest % base];
  }
  if (value < 0) *--start = '-';
  else if (style & CALCULATOR_STYLE_SIGN) *--start = '+';
  calculator_string_dup_n(text, start, (size_t)(buffer + sizeof buffer - start));
}

void exports_calculator_join(calculator_list_string_t *parts, string *separator, string *text) {
  string comma = {(uint8_t *)",", 1}, between = separator ? *separator : comma;
  size_t length = parts->len > 1 ? (parts->len - 1) * between.len : 0;
  for (size_t i = 0; i < parts->len; i++) length += parts->ptr[i].len;

  uint8_t *end = text->ptr = malloc(length ? length : 1);
  if (end == NULL) abort();
  text->len = length;
  for (size_t i = 0; i < parts->len; i++) {
    if (i > 0) end = (uint8_t *)memcpy(end, between.ptr, between.len) + between.len;
    end = (uint8_t *)memcpy(end, parts->ptr[i].ptr, parts->ptr[i].len) + parts->ptr[i].len;
  }
  calculator_list_string_free(parts);
  if (separator) calculator_string_free(separator);
}

static double polygon_area(const point *corners, size_t count) {
  double doubled = 0;
  for (size_t i = 0; i < count; i++) {
    const point *a = &corners[i], *b = &corners[(i + 1) % count];
    doubled += a->x * b->y - b->x * a->y;
  }
  return fabs(doubled) / 2;
}

double exports_demo_calculator_shapes_area(shape *of) {
  double area = 0;
  switch (of->tag) {
    case EXPORTS_DEMO_CALCULATOR_SHAPES_SHAPE_CIRCLE:
      area = M_PI * of->val.circle * of->val.circle;
      break;
    case EXPORTS_DEMO_CALCULATOR_SHAPES_SHAPE_RECTANGLE: {
      rectangle *r = &of->val.rectangle;
      area = fabs((r->bottom_right.x - r->top_left.x) * (r->bottom_right.y - r->top_left.y));
      break;
    }
    case EXPORTS_DEMO_CALCULATOR_SHAPES_SHAPE_POLYGON:
      area = polygon_area(of->val.polygon.ptr, of->val.polygon.len);
      break;
  }
  exports_demo_calculator_shapes_shape_free(of);
  return area;
}

bool exports_demo_calculator_shapes_bounds(exports_demo_calculator_shapes_list_point_t *points, rectangle *bounds) {
  if (points->len == 0) return false;
  *bounds = (rectangle){points->ptr[0], points->ptr[0]};
  for (size_t i = 1; i < points->len; i++) {
    point *p = &points->ptr[i];
    bounds->top_left = (point){fmin(bounds->top_left.x, p->x), fmin(bounds->top_left.y, p->y)};
    bounds->bottom_right = (point){fmax(bounds->bottom_right.x, p->x), fmax(bounds->bottom_right.y, p->y)};
  }
  exports_demo_calculator_shapes_list_point_free(points);
  return true;
}
