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

    @Test func `knows a document's keys by their level, and not by those of the document before`() throws {
        var selector = FieldSelector(Self.paths)
        let documents = [
            (#"{"id":1,"a":{"b":2}}"#, ["id=1", "a.b=2", #"a={"b":2}"#]),
            (#"{"x":1,"id":{"b":2}}"#, [#"id={"b":2}"#]),
            (#"{"i":1,"a":3,"b":2}"#, ["a=3"]),
            (#"{"ids":1,"a":{"a":2}}"#, [#"a={"a":2}"#]),
        ]
        for (json, expected) in documents + documents.reversed() {
            #expect(try selected(Array(json.utf8), by: &selector) == expected)
        }
    }

    /// Documents of few shapes, so that most are found by their text alone; a selector that knows none finds the same.
    @Test(arguments: UInt64(1)...10)
    func `finds the same in documents of one shape, whatever their values`(seed: UInt64) throws {
        var dice = SplitMix(seed)
        var used = FieldSelector(Self.paths)
        let texts = [
            "", "x", "sixteen bytes!!!", "seventeen bytes!!", #"a \" quote"#, "ümlaut", "}],", #"\u0041"#,
            String(repeating: "long ", count: 40),
        ].map { "\"\($0)\"" }
        let values = texts + ["0", "-1.5e3", "true", "null", "{}", "[]", #"{"b":1}"#, "[1]", "e", "1 2", ""]
        func value() -> String { values[Int(dice.next() % UInt64(values.count))] }
        func text() -> String { texts[Int(dice.next() % UInt64(texts.count))] }
        for _ in 0..<2_000 {
            let json =
                switch dice.next() % 5 {
                case 0: #"{"id":\#(text()),"other":\#(text()),"a":{"b":{"c":\#(text())}}}"#
                case 1: #"{"id":\#(value()),"other":\#(text()),"a":{"b":{"c":\#(value())},"x":[\#(value())]}}"#
                case 2: #"{"l":[{"x":\#(text())},{"x":\#(value()),"y":{"z":\#(text())}}],"id":\#(text())}"#
                case 3: #"{"id":\#(text()),"id":\#(value()),"a":{"b":\#(text())},"a":\#(value())}"#
                default: #"{"id":\#(text()),"a":\#(value())}"# + (dice.next() % 4 == 0 ? "}" : "")
                }
            let short = Result { () throws(FieldSelector.Failure) in try selected(Array(json.utf8), by: &used) }
            let fresh = Result { () throws(FieldSelector.Failure) in try selected(json) }
            #expect(short == fresh, "\(json)")
        }
    }

    /// Each shape occurs in ten documents. There are more shapes than are kept, so that the first are forgotten, and
    /// keys of all lengths.
    @Test func `outlives more shapes than it can know`() throws {
        var used = FieldSelector(Self.paths)
        for round in 0..<20_000 {
            let key = String(repeating: "k", count: round / 10 % 90) + "\(round / 10)"
            let json = #"{"\#(key)":1,"id":"\#(round)","a":{"\#(key)":[2,3],"b":4}}"#
            #expect(
                try selected(Array(json.utf8), by: &used)
                    == ["id=\(round)", "a.b=4", #"a={"\#(key)":[2,3],"b":4}"#])
        }
    }

    /// Each goes all three ways: through simdjson's index, the short way, and by its shape once that is known.
    @Test(arguments: [
        (#"{"l":[]}"#, "of 0:"), (#"{"l":[1]}"#, "of 1:"), (#"{"l":7}"#, "of 0:"),
        (#"{"l":[{"x":1},{"z":[1,2]},{"x":3,"y":4}]}"#, "of 3: 1 3 3"),
        (#"{"l":[{"x":1}],"l":[{},{"x":2}]}"#, "of 2: 2"),
        (#"{"l":[{"x":[9,{"x":1}],"y":5},{"y":6}],"m":[1,2,3]}"#, "of 2: 1 1 2"),
    ])
    func `numbers the elements of a list`(json: String, expected: String) throws {
        var selector = FieldSelector(["l", "l.[].x", "l.[].y"])
        for json in [json + " "] + [String](repeating: json, count: 9) {
            var padded = Array(json.utf8) + [UInt8](repeating: UInt8(ascii: "}"), count: 64)
            try padded.withUnsafeMutableBytes {
                try selector.run(UnsafeRawBufferPointer(rebasing: $0[..<json.utf8.count]))
            }
            let numbers = selector.repeated.map { " \($0.elementNumber)" }.joined()
            #expect("of \(selector.value(0).elementNumber):\(numbers)" == expected)
        }
    }

    @Test func `grows with its documents`() throws {
        let filler = String(repeating: "x", count: 2_000_000)
        #expect(try selected(#"{"filler":"\#(filler)","id":3}"#) == ["id=3"])
    }

    /// A blank behind the document sends it through simdjson's index; without one, minified ASCII goes the short way.
    @Test(arguments: UInt64(1)...20)
    func `finds the same on both ways through a document, whatever is wrong with it`(seed: UInt64) {
        var dice = SplitMix(seed)
        // This selector knows the shapes of earlier documents.
        var used = FieldSelector(Self.paths)
        let pieces = [
            #"{"id":1,"a":{"b":{"c":true},"x":[1,{"b":"]"}]}}"#, #"{"l":[{"x":"1","y":{"z":-2.5e3}},3,[],{}]}"#,
            #"{"a":"z","id":null,"other":["{",{"id":"}"}]}"#, #"{"id":1,"a":{"b":1},"id":"","a":{"c":"2"}}"#,
            #"{"id":1,"b":{"b":{"c":1}},"a":{"a":{"c":1},"b":2}}"#,
            #"{"long_key_of_just_forty_bytes_0123456789a":1,"fourteen_bytes":"x","fifteen__bytes!":"y"}"#,
        ]
        let bytes = Array(#"{}[]:,"1tzE.- \é"#.utf8) + [0x09, 0x1F]
        for _ in 0..<2_000 {
            var json = Array(pieces[Int(dice.next() % UInt64(pieces.count))].utf8)
            for _ in 0..<dice.next() % 3 {
                let place = Int(dice.next() % UInt64(json.count))
                if dice.next() % 2 == 0 {
                    json[place] = bytes[Int(dice.next() % UInt64(bytes.count))]
                } else {
                    json.remove(at: place)
                }
            }
            let short = Result { () throws(FieldSelector.Failure) in try selected(json, by: &used) }
            let whole = Result { () throws(FieldSelector.Failure) in try selected(json + [0x20]) }
            #expect(short == whole, "\(String(decoding: json, as: UTF8.self))")
        }
    }

    private func selected(_ json: String) throws(FieldSelector.Failure) -> [String] { try selected(Array(json.utf8)) }

    private func selected(_ bytes: [UInt8]) throws(FieldSelector.Failure) -> [String] {
        var selector = FieldSelector(Self.paths)
        return try selected(bytes, by: &selector)
    }

    /// Returns what each path found, in the paths' order, then what the paths through lists found.
    private func selected(
        _ bytes: [UInt8], by selector: inout FieldSelector
    ) throws(FieldSelector.Failure) -> [String] {
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
