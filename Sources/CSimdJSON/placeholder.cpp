void lifecycle_json_placeholder() {}
