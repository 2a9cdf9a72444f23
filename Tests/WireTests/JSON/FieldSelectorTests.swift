import Testing

@testable import Wire

@Suite struct `A field selector` {
    private static let paths = [
        "id", "a.b", "a.b.c", "a", "l.[].x", "l.[].y.z", "long_key_of_just_forty_bytes_0123456789a",
    ]

    @Test(arguments: [
        (#"{"id":1}"#, ["id=1"]),
        (#" { "id" : 1 , "a" : { "b" : [ 1 , 2 ] } } "#, ["id=1", "a.b=[ 1 , 2 ]", "a={ \"b\" : [ 1 , 2 ] }"]),
        (#"{"id":"x y","a":"z"}"#, ["id=x y", "a=z"]),
        (
            #"{"a":{"b":{"c":true,"d":{"c":false}},"id":7}}"#,
            [#"a.b={"c":true,"d":{"c":false}}"#, "a.b.c=true", #"a={"b":{"c":true,"d":{"c":false}},"id":7}"#]
        ),
        (#"{"x":{"id":1},"y":["id",{"id":2}],"id":null}"#, ["id=null"]),
        (#"{"\u0069d":"\u0041\"","i\/d":2}"#, [#"id=\u0041\""#]),
        (
            #"{"long_key_of_just_forty_bytes_0123456789a":1,"long_key_of_just_forty_bytes_0123456789b":2}"#,
            ["long_key_of_just_forty_bytes_0123456789a=1"]
        ),
        (#"{"l":[{"x":1},2,[{"x":3}],{"x":"four","y":{"z":5}},{}]}"#, ["l.[].x=1", "l.[].x=four", "l.[].y.z=5"]),
        (#"{"l":{"x":1},"a":[{"b":1}]}"#, [#"a=[{"b":1}]"#]),
        ("{}", []), (#"{"l":[]}"#, []),
    ])
    func `hands over the wanted values as they stand`(json: String, expected: [String]) throws {
        #expect(try selected(json) == expected)
    }

    @Test(arguments: [
        (#"{"id":1,"id":2}"#, ["id=2"]),
        (#"{"a":{"b":1},"a":{"c":2}}"#, [#"a={"c":2}"#]),
        (#"{"a":{"b":{"c":1}},"a":null}"#, ["a=null"]),
        (#"{"l":[{"x":1},{"x":2}],"l":[{"x":3}]}"#, ["l.[].x=3"]),
        (#"{"l":[{"x":1}],"l":{}}"#, []),
    ])
    func `counts the last of a key that stands twice`(json: String, expected: [String]) throws {
        #expect(try selected(json) == expected)
    }

    @Test(arguments: [
        "", "{", "}", "{]", #"{"id"}"#, #"{"id":}"#, #"{"id":1,}"#, #"{"id":1 2}"#, #"{"id" 1}"#, #"{,"id":1}"#,
        #"{"id":1}}"#,
        #"{"id":1}{}"#, #"{"id":[}"#, #"{"a":{"b":1}"#, #"{"a":{"b":1]}"#, #"{"l":[{"x":1},]"#, #"{"l":[{"x":1} 2]}"#,
        #"{1:2}"#, #"{"id":"x}"#,
    ])
    func `refuses what is no object`(json: String) {
        #expect(throws: FieldSelector.Failure.self) { try selected(json) }
    }

    @Test func `grows with its documents`() throws {
        let filler = String(repeating: "x", count: 2_000_000)
        #expect(try selected(#"{"filler":"\#(filler)","id":3}"#) == ["id=3"])
    }

    /// What each path found, in the paths' order, then what the paths through lists found.
    private func selected(_ json: String) throws(FieldSelector.Failure) -> [String] {
        var selector = FieldSelector(Self.paths)
        let bytes = Array(json.utf8)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 64, alignment: 1)
        defer { buffer.deallocate() }
        buffer.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "}"))
        buffer.copyBytes(from: bytes)
        let body = UnsafeRawBufferPointer(rebasing: buffer[..<bytes.count])
        try selector.run(body)
        var found: [String] = []
        for index in Self.paths.indices where selector.value(index).valueKind != .absent {
            found.append(
                Self.paths[index] + "=" + String(decoding: selector.value(index).bytes(in: body), as: UTF8.self))
        }
        for value in selector.repeated {
            found.append(Self.paths[value.pathIndex] + "=" + String(decoding: value.bytes(in: body), as: UTF8.self))
        }
        return found
    }
}
