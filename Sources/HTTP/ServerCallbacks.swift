import CMicrohttpd

// What the library calls, on its own thread. It is called for the headers, for each piece of a body, at the body's end,
// and once more when a request that was laid aside is taken up again.

let serverAccess: MHD_AccessHandlerCallback = { context, connection, path, method, _, _, byteCount, place in
    guard let context, let connection, let path, let method, let byteCount, let place else { return .NO }
    let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    guard let known = place.pointee else {
        let exchange = Exchange(core.site, request(connection, String(cString: method), String(cString: path)))
        place.pointee = Unmanaged.passRetained(exchange).toOpaque()
        guard let response = exchange.response else { return .YES }
        // Nothing of a body is read that is not wanted.
        core.connections.waitsNoMore(lifecycle_http_socket(connection))
        return queue(response, on: connection, closes: true)
    }
    // No route takes a body.
    guard byteCount.pointee == 0 else {
        byteCount.pointee = 0
        return .YES
    }
    core.connections.waitsNoMore(lifecycle_http_socket(connection))
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
    if let response = exchange.response { return queue(response, on: connection, closes: false) }
    core.answer(exchange, on: connection)
    return .YES
}

let serverCompleted: MHD_RequestCompletedCallback = { context, connection, place, _ in
    guard let context, let connection, let known = place?.pointee else { return }
    place?.pointee = nil
    Unmanaged<Exchange>.fromOpaque(known).takeRetainedValue().end()
    let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    core.connections.waits(lifecycle_http_socket(connection))
}

let serverConnection: MHD_NotifyConnectionCallback = { context, connection, _, event in
    guard let context, let connection else { return }
    let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    let socket = lifecycle_http_socket(connection)
    if event == .CONNECTION_NOTIFY_STARTED {
        core.connections.waits(socket)
    } else {
        core.connections.waitsNoMore(socket)
    }
}

private func request(_ connection: OpaquePointer, _ method: String, _ path: String) -> Result<Request, ProblemDetails> {
    Result { () throws(ProblemDetails) in
        try Request(
            method: method, path: path, query: values(.GET_ARGUMENT_KIND, of: connection),
            headers: values(.HEADER_KIND, of: connection))
    }
}

private final class Values {
    var found: [(name: String, value: String)] = []
}

private func values(_ kind: MHD_ValueKind, of connection: OpaquePointer) -> [(name: String, value: String)] {
    let values = Values()
    let collect: MHD_KeyValueIterator = { context, _, name, value in
        guard let context, let name else { return .YES }
        let values = Unmanaged<Values>.fromOpaque(context).takeUnretainedValue()
        values.found.append((String(cString: name), value.map { String(cString: $0) } ?? ""))
        return .YES
    }
    _ = MHD_get_connection_values(connection, kind, collect, Unmanaged.passUnretained(values).toOpaque())
    return values.found
}

private func queue(_ response: Response, on connection: OpaquePointer, closes: Bool) -> MHD_Result {
    guard let made = response.stream.map({ made(of: $0, on: connection) }) ?? made(of: response.body) else {
        return .NO
    }
    defer { MHD_destroy_response(made) }
    for (name, value) in Response.standingHeaders + response.headers {
        MHD_add_response_header(made, name, value)
    }
    if !response.headers.contains(where: { $0.name == "Cache-Control" }) {
        MHD_add_response_header(made, "Cache-Control", "no-store")
    }
    switch response.status {
    case .unauthorized: MHD_add_response_header(made, "WWW-Authenticate", "Bearer")
    case .methodNotAllowed: MHD_add_response_header(made, "Allow", "GET, HEAD")
    default: break
    }
    if closes { MHD_add_response_header(made, "Connection", "close") }
    return MHD_queue_response(connection, response.status.rawValue, made)
}

private func made(of body: [UInt8]) -> OpaquePointer? {
    body.withUnsafeBytes { body in
        MHD_create_response_from_buffer(
            body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
    }
}

private func made(of stream: EventStream, on connection: OpaquePointer) -> OpaquePointer? {
    stream.begin(on: connection)
    lifecycle_http_wait_for_ever(connection)
    // Of a size that is not known (MHD_SIZE_UNKNOWN).
    return MHD_create_response_from_callback(
        UInt64.max, 1_024, streamRead, Unmanaged.passRetained(stream).toOpaque(), streamGone)
}
