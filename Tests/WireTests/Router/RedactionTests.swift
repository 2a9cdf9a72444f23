import CustomerLifecycle
import Testing
import Wire

@Suite struct `Personal data` {
    private let shop = RouterScenario()

    @Test(arguments: [
        "email", "phone", "mobile", "firstName", "lastName", "fullName", "accountName", "recipient", "username",
        "address",
        "street", "city", "postalCode", "zip", "shippingAddress", "billingAddress", "avatar", "ip", "userAgent",
        "device",
        "location", "first_name", "FIRSTNAME", "last-name", "E-Mail", "shipping_address", "user_agent", "_ip",
        "phoneNumber", "dateOfBirthX",
    ])
    func `ends as true where it is filled, and goes where it is not`(key: String) throws {
        guard key != "dateOfBirthX" else {
            #expect(try shop.properties(#"{"\#(key)":"1"}"#) == #""properties":{"\#(key)":"1"}"#)
            return
        }
        for filled in [#""x""#, "7", "0", "true", #"{"a":[{"b":"x"}]}"#, "[1]"] {
            #expect(try shop.properties(#"{"\#(key)":\#(filled)}"#) == #""properties":{"\#(key)":true}"#)
            #expect(
                try shop.properties(#"{"a":[{"\#(key)":\#(filled)}]}"#) == #""properties":{"a":[{"\#(key)":true}]}"#)
            #expect(try shop.rest(#""traits":{"\#(key)":\#(filled)}"#) == #""traits":{"\#(key)":true}"#)
            #expect(try shop.rest(#""\#(key)":\#(filled)"#) == #""\#(key)":true"#)
        }
        for empty in [#""""#, #"" ""#, "null", "false", "{}", "[]", #"{"a":[null,"",{"b":false}]}"#] {
            #expect(try shop.properties(#"{"\#(key)":\#(empty)}"#) == #""properties":{}"#)
        }
    }

    @Test func `hides behind no escape`() throws {
        #expect(
            try shop.properties(#"{"em\u0061il":"x","\u0070hone":"y"}"#) == #""properties":{"email":true,"phone":true}"#
        )
    }

    @Test(arguments: [
        (#"{"review_body":"x"}"#, "{}"), (#"{"Body":"x"}"#, "{}"), (#"{"share_message":{"a":1}}"#, "{}"),
        (#"{"message":7}"#, "{}"), (#"{"comment":"x","note":"y","order_note":"z"}"#, "{}"),
        (#"{"search":"?q=x"}"#, "{}"),
        (#"{"a":{"Search":["x"]}}"#, #"{"a":{}}"#), (#"{"anybody_else":1}"#, #"{"anybody_else":1}"#),
        (#"{"query":"wool socks"}"#, #"{"query":"wool socks"}"#),
    ])
    func `in free text goes with it`(before: String, after: String) throws {
        #expect(try shop.properties(before) == #""properties":"# + after)
    }

    @Test func `is a name only where it is a person's`() throws {
        #expect(try shop.properties(#"{"name":"Desk lamp"}"#) == #""properties":{"name":"Desk lamp"}"#)
        for signup in ["Signed Up", " signed up ", "ACCOUNT CREATED"] {
            #expect(
                try shop.properties(#"{"name":"Anna","a":{"name":""}}"#, event: signup)
                    == #""properties":{"name":true,"a":{}}"#)
        }
        #expect(try shop.rest(#""name":"Home""#) == #""name":"Home""#)
        #expect(
            try shop.rest(#""traits":{"name":"Anna","company":{"name":"x"}}"#)
                == #""traits":{"name":true,"company":{"name":true}}"#)
        #expect(try shop.rest(#""a":{"Traits":[{"name":"Anna"}]}"#) == #""a":{"Traits":[{"name":true}]}"#)
    }

    @Test func `of the client's plumbing goes at the top level alone`() throws {
        let plumbing = #""writeKey":"k","_metadata":{"a":1},"integrations":{},"channel":"web","library":{"name":"x"}"#
        #expect(try shop.rest(plumbing) == "")
        #expect(try shop.properties("{\(plumbing)}") == #""properties":{\#(plumbing)}"#)
    }

    @Test(
        arguments: [
            ("anna@shop.example", "true"),
            ("write to anna+x@shop.co.uk today", "true"),
            (#"anna\u0040shop.example"#, "true"),
            ("anna%40shop.example", "true"),
            ("anna%2540shop.example", "true"),
            ("mailto:anna@shop.example", "true"),
            ("\\\"a b\\\"@shop.example", "true"),
            ("jürgen@müller.example", "true"),
            ("山田@例え.jp", "true"),
            ("a@b.c", "true"),
            ("x @ y.example", nil),
            ("@anna.example", nil),
            ("anna@shop", nil),
            ("2@1.80", nil),
            ("50% @ 4", nil),
            ("100%", nil),
        ] as [(String, String?)])
    func `in any text is found by its mail address`(text: String, expected: String?) throws {
        let value = expected ?? "\"\(text)\""
        #expect(try shop.properties(#"{"a":["\#(text)"]}"#) == #""properties":{"a":[\#(value)]}"#)
        #expect(try shop.rest(#""category":"\#(text)""#) == #""category":\#(value)"#)
    }

    @Test func `goes with a key that is a mail address`() throws {
        #expect(try shop.properties(#"{"anna@shop.example":1,"b":2}"#) == #""properties":{"b":2}"#)
        #expect(try shop.properties(#"{"anna\u0040shop.example":1}"#) == #""properties":{}"#)
    }

    @Test func `that is an id or a code stays, or becomes a keyed hash`() throws {
        let ids = #"{"order_id":"a@b.example","couponCode":"a@b.example","coupon":"a@b.example","x":"a@b.example"}"#
        #expect(
            try shop.properties(ids)
                == #""properties":{"order_id":"a@b.example","couponCode":"a@b.example","coupon":"a@b.example","x":true}"#
        )
        let hashing = RouterScenario { $0.hashKey = [1, 2, 3] }
        let hashed = try hashing.properties(ids)
        #expect(!hashed.contains("@"))
        #expect(hashed.split(separator: "hmac:").count == 4)
        #expect(hashed.contains(#","x":true"#))
    }

    @Test func `leaves the event's own text untouched`() throws {
        let text =
            #"{"a":"\"\\\/\b\f\n\r\t\u00e9\u0000 \u2028é🧦","b":[1,-0.5e+10,28.671000000000003,true,false,null],"c":{}}"#
        #expect(try shop.properties(text) == #""properties":"# + text)
        #expect(try shop.properties("{ \"a\" : [ 1 ,\n\t2 ] }") == #""properties":{"a":[1,2]}"#)
    }

    @Test(arguments: [
        (#"Wool socks \ud83e"#, "Wool socks \u{FFFD}"),
        (#"\udde6 x"#, "\u{FFFD} x"),
        (#"\udde6\ud83e"#, "\u{FFFD}\u{FFFD}"),
        (#"\ud83e\ud83e\udde6\""#, "\u{FFFD}🧦\\\""),
        (#"\ud83e\u0041\u0001"#, "\u{FFFD}A\\u0001"),
        (#"\uD83E\uDDE6"#, #"\uD83E\uDDE6"#),
    ])
    func `is no reason to refuse half an emoji`(before: String, after: String) throws {
        #expect(try shop.properties(#"{"a":"\#(before)"}"#) == #""properties":{"a":"\#(after)"}"#)
        #expect(try shop.properties(#"{"order_id":"\#(before)"}"#) == #""properties":{"order_id":"\#(after)"}"#)
        #expect(try shop.properties(#"{"url":"\#(before)?x"}"#).contains("?") == false)
    }

    @Test func `stands once where a key stands twice: the last one counts`() throws {
        #expect(
            try shop.properties(#"{"a":1,"b":2,"a":{"c":3,"c":4},"\u0061":5}"#) == #""properties":{"b":2,"a":5}"#)
        #expect(try shop.properties(#"{"a":1,"A":2}"#) == #""properties":{"a":1,"A":2}"#)
        let many = (0..<1_000).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")
        #expect(try shop.properties("{\(many),\(many)}") == #""properties":{\#(many)}"#)
    }
}

@Suite struct `The context` {
    private let shop = RouterScenario()

    @Test func `keeps what is on its list and nothing else`() throws {
        let context = #"""
            {"ip":"203.0.113.0","userAgent":"Mozilla","locale":"de-DE","timezone":"Europe/Berlin","sessionId":1700000003,
            "page":{"path":"/","referrer":"https://www.google.com/","search":"?q=x","title":"Shop","url":"http://shop.example/"},
            "campaign":{"source":"google","name":"spring sale"},"consent":{"categoryPreferences":{"marketing":true}},
            "library":{"name":"x"},"traits":{"email":"a@b.example"},"device":{"id":"x"},"os":{"name":"iOS"},
            "network":{"wifi":false},"location":{"city":"Köln"},"screen":{"width":390},"app":{"name":"Shop"}}
            """#
        #expect(
            try shop.rest(#""context":"# + context)
                == #""context":{"locale":"de-DE","timezone":"Europe/Berlin","sessionId":1700000003,"#
                + #""page":{"path":"/","referrer":"https://www.google.com/","url":"http://shop.example/"},"#
                + #""campaign":{"source":"google","name":"spring sale"},"consent":{"categoryPreferences":{"marketing":true}}}"#
        )
    }

    @Test(arguments: [#"{}"#, #""text""#, "[1]", "7", "null", #"{"ip":"x","page":"/","externalIds":{"id":1}}"#])
    func `goes where nothing of it stays`(context: String) throws {
        #expect(try shop.rest(#""context":"# + context) == "")
    }

    @Test func `keeps no external id that is an address`() throws {
        let ids = #"""
            {"externalIds":[{"id":"a@b.example","type":"email","collection":"users"},{"id":"+49170","type":"Phone"},
            {"id":"cus_1","type":"stripe_customer","name":"Anna"},"a@b.example",7]}
            """#
        #expect(
            try shop.rest(#""context":"# + ids)
                == #""context":{"externalIds":[{"type":"email","collection":"users"},{"type":"Phone"},"#
                + #"{"id":"cus_1","type":"stripe_customer","name":true}]}"#)
    }

    @Test func `shows a banner's categories under the names that the shop gives them`() throws {
        let shop = RouterScenario { $0.consentCategories = ["C0004": "email_marketing", "C0005": "email_marketing"] }
        func categories(_ text: String) throws -> String {
            try shop.rest(#""context":{"consent":{"categoryPreferences":\#(text),"version":"2"}}"#)
        }
        #expect(
            try categories(#"{"C0001":true,"C0004":false}"#)
                == #""context":{"consent":{"categoryPreferences":{"C0001":true,"email_marketing":false},"version":"2"}}"#
        )
        #expect(
            try categories(#"{"C0004":true,"email_marketing":false,"C0005":true}"#)
                == #""context":{"consent":{"categoryPreferences":{"email_marketing":false},"version":"2"}}"#)
    }
}

@Suite struct `A URL` {
    private let shop = RouterScenario { $0.referralParameter = "ref" }

    @Test(
        arguments: [
            ("https://shop.example/p/14?ref=list#top", "https://shop.example/p/14"),
            ("https://shop.example/#top", "https://shop.example/"),
            ("//shop.example/?x", "//shop.example/"),
            ("www.shop.example?x", "www.shop.example"),
            (
                "see https://a.example/x?token=1 and http://b.example#c now",
                "see https://a.example/x and http://b.example now"
            ),
            ("https://a.example/?q=two words", "https://a.example/"),
            ("what? nothing#1", "what? nothing#1"),
            (#"https:\/\/shop.example\/p?x=1"#, "https://shop.example/p"),
            ("https://shop.example/anna@shop.example/?x", nil),
            ("https://shop.example/u/anna%40shop.example", nil),
        ] as [(String, String?)])
    func `loses query and fragment wherever it stands`(before: String, after: String?) throws {
        #expect(
            try shop.properties(#"{"a":[{"b":"\#(before)"}]}"#)
                == #""properties":{"a":[{"b":\#(after.map { "\"\($0)\"" } ?? "true")}]}"#)
    }

    @Test func `is one by its key too`() throws {
        #expect(
            try shop.properties(
                #"{"url":"/a?b","path":"c#d","referrer":"?e","image_url":"f?g","redirectUri":"h?i","x":"j?k"}"#)
                == #""properties":{"url":"/a","path":"c","referrer":"","image_url":"f","redirectUri":"h","x":"j?k"}"#)
    }

    private let link =
        "https://shop.example/?utm_source=Google&UTM_medium=cpc&utm_campaign=Fr%C3%BChling+2025&utm_source=x"
        + "&utm_term=&utm_content=%ff&utm_id=7&utm_email=a%40b.example&ref=FRIEND-42&gclid=1"

    @Test func `leaves the campaign behind, where there is none yet, and the friend's code`() throws {
        let campaign = #"{"source":"Google","medium":"cpc","name":"Frühling 2025","id":"7"}"#
        #expect(
            try shop.rest(#""context":{"locale":"de","page":{"url":"\#(link)"}}"#)
                == #""context":{"locale":"de","page":{"url":"https://shop.example/"},"campaign":\#(campaign)},"#
                + #""properties":{"referral_code":"FRIEND-42"}"#)
        #expect(
            try shop.rest(
                #""context":{"campaign":{"name":"mine"},"page":{"url":"\#(link)"}},"properties":{"referral_code":"X"}"#)
                == #""context":{"campaign":{"name":"mine"},"page":{"url":"https://shop.example/"}},"#
                + #""properties":{"referral_code":"X"}"#)
        #expect(
            try shop.rest(
                #""context":{"campaign":{},"page":{"search":"?utm_source=a"}},"properties":{"referral_code":""}"#)
                == #""context":{"page":{},"campaign":{"source":"a"}},"properties":{"referral_code":""}"#)
        #expect(
            try shop.rest(#""context":{"page":{"search":"?ref=a"}},"properties":{"referral_code":"","x":1}"#)
                == #""context":{"page":{}},"properties":{"x":1,"referral_code":"a"}"#)
    }

    @Test func `of a page call counts, that of a product does not`() throws {
        let properties = #""properties":{"url":"https://shop.example/?utm_source=a&ref=b"}"#
        #expect(try shop.rest(properties) == #""properties":{"url":"https://shop.example/"}"#)
        let page = try shop.route(#"{"type":"page","userId":"u","messageId":"m",\#(properties)}"#).body
        #expect(
            page
                == #"{"type":"page","userId":"u","messageId":"m","properties":{"url":"https://shop.example/","referral_code":"b"},"#
                + #""context":{"campaign":{"source":"a"}}}"#)
    }

    @Test func `gives no mail address away in its campaign`() throws {
        #expect(
            try shop.rest(#""context":{"page":{"url":"?utm_source=a%40b.example"}}"#)
                == #""context":{"page":{"url":""},"campaign":{"source":true}}"#)
    }
}

@Suite struct `A birthday` {
    private func birthday(_ value: String, context: String = "{}", zone: ZoneTable? = .berlin) throws -> String {
        let shop = RouterScenario {
            $0.zone = zone
            $0.zoneNamed = { name in
                name == "Asia/Kathmandu"
                    ? ZoneTable(
                        name: name,
                        transitions: [.init(at: Instant(milliseconds: 0), offset: .minutes(345))]) : nil
            }
        }
        let rest = try shop.rest(#""traits":{"birthday":\#(value)},"context":\#(context)"#)
        return rest.dropFirst(#""traits":{"#.count).prefix { $0 != "}" }.description
    }

    @Test(arguments: [
        #""1990-05-14""#, #""1990-05-14T00:00:00""#, #""1990-05-14T00:00:00+02:00""#, #""1990-05-14 23:59:59-11:00""#,
        #""1990-05-13T22:00:00.000Z""#, #""1985-05-13T22:00:00Z""#, #""1985-05-13T23:00:00Z""#, #""--05-14""#,
        #""14.05.1990""#, #"" 14.05.1990 ""#, #"{"year":1990,"month":5,"day":14}"#, #"{"month":"05","day":"14"}"#,
        #""\u0031990-05-14""#,
    ])
    func `keeps month and day`(value: String) throws {
        #expect(try birthday(value) == #""birthday":"--05-14""#)
    }

    @Test(arguments: [
        "642643200000", #""05/14/1990""#, #""1990-05-14T10:30:00Z""#, #""1990-05-14T00:00:00Z""#, #""1990-02-30""#,
        #""31.04.1990""#, #""--13-01""#, #""May 14""#, "true", "[5,14]", #"{"month":5}"#, #"{"month":14,"day":5}"#,
        "null",
        #""""#, #""1990-05-13T22:00:01Z""#, #"{"month":5.5,"day":1}"#,
    ])
    func `in any other form is absent`(value: String) throws {
        #expect(try birthday(value) == "")
    }

    @Test func `in UTC is the date of whoever has midnight then`() throws {
        #expect(try birthday(#""1990-05-14T00:00:00Z""#, zone: nil) == #""birthday":"--05-14""#)
        #expect(
            try birthday(#""1990-05-13T18:15:00Z""#, context: #"{"timezone":"Asia/Kathmandu"}"#)
                == #""birthday":"--05-14""#)
        #expect(try birthday(#""1990-05-13T18:15:00Z""#, context: #"{"timezone":"Mars/Olympus"}"#) == "")
    }

    @Test func `on a leap day stays`() throws {
        #expect(try birthday(#""1992-02-29""#) == #""birthday":"--02-29""#)
        #expect(try birthday(#""--02-29""#) == #""birthday":"--02-29""#)
    }

    @Test func `that cannot be read is counted, an empty one is not`() throws {
        let event = #"{"type":"identify","userId":"u","traits":{"birthday":"#
        #expect(try RouterScenario().route(event + #""May 14"}}"#).unreadable == .birthday)
        #expect(try RouterScenario().route(event + #""" }}"#).unreadable == [])
    }
}
