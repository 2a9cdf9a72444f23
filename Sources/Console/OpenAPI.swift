import CommandLine
import Wire

/// The document that describes the API to programs: OpenAPI 3.1, made of the routes.
enum OpenAPI {
    static func document(of routes: [APIRoute], version: String) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("openapi", "3.1.0")
        json.object("info") { json in
            json.member("title", "lifecycle console")
            json.member("version", version)
            json.member(
                "description",
                "Answers of a lifecycle log, read only. Each is what the command of the same name prints under --json.")
        }
        json.object("paths") { json in for route in routes { write(route, to: &json) } }
        json.object("components") { json in
            json.object("schemas") { json in
                json.object("Answer") { json in
                    json.member("type", "object")
                    json.member("description", "An object; its members are always there.")
                }
                json.object("Problem") { json in
                    json.member("type", "object")
                    json.member("description", "Problem details (RFC 9457).")
                    json.array("required", ["type", "title", "status", "detail"]) { $0.value($1) }
                    json.object("properties") { json in
                        for name in ["type", "title", "detail"] {
                            json.object(name) { $0.member("type", "string") }
                        }
                        json.object("status") { $0.member("type", "integer") }
                    }
                }
            }
            json.object("securitySchemes") { json in
                json.object("token") { json in
                    json.member("type", "http")
                    json.member("scheme", "bearer")
                }
            }
        }
        json.array("security", [true, false]) { json, isTokenNeeded in
            json.beginObject()
            if isTokenNeeded { json.array("token", [String]()) { $0.value($1) } }
            json.endObject()
        }
        json.endObject()
        return json.text
    }

    private static func write(_ route: APIRoute, to json: inout JSONWriter) {
        json.object(route.path) { json in
            json.object("get") { json in
                json.member("summary", route.summary)
                json.array("parameters", route.parameters) { json, parameter in
                    json.beginObject()
                    write(parameter, of: route, to: &json)
                    json.endObject()
                }
                json.object("responses") { json in
                    answer("200", "The answer.", "application/json", "Answer", to: &json)
                    for (code, description) in [
                        ("304", "What the client has is still so (If-None-Match).")
                    ] {
                        json.object(code) { $0.member("description", description) }
                    }
                    for (code, description) in [
                        ("400", "A parameter is none, or has no such value."), ("401", "A token is needed."),
                        ("404", "Nothing is known of it."), ("421", "Another host was asked for."),
                        ("503", "Too much is asked at once, or the log cannot be read: try again later."),
                    ] {
                        answer(code, description, "application/problem+json", "Problem", to: &json)
                    }
                }
            }
        }
    }

    private static func answer(
        _ code: String, _ description: String, _ type: String, _ schema: String, to json: inout JSONWriter
    ) {
        json.object(code) { json in
            json.member("description", description)
            json.object("content") { json in
                json.object(type) { json in
                    json.object("schema") { $0.member("$ref", "#/components/schemas/\(schema)") }
                }
            }
        }
    }

    private static func write(_ parameter: Declaration, of route: APIRoute, to json: inout JSONWriter) {
        let isInPath = route.path.contains("{\(parameter.queryName)}")
        json.member("name", parameter.queryName)
        json.member("in", isInPath ? "path" : "query")
        json.member("required", isInPath || parameter.isRequired)
        json.member("description", parameter.help)
        json.object("schema") { json in
            if parameter.place == .flag {
                json.member("type", "boolean")
            } else {
                json.member("type", "string")
            }
            if case .words(let words) = parameter.offer { json.array("enum", words) { $0.value($1) } }
            if let text = parameter.defaultText { json.member("default", text) }
        }
    }
}
