/// One valid event of each name that the vocabulary has, as client libraries send them, and one of each call type.
package enum SampleEvents {
    /// When they are appended: 2027-01-01, after all of them happened, and after those of the captured client too.
    package static let clockMilliseconds: Int64 = 1_798_761_600_000

    /// The names, in the order of `all`; calls without a name come first.
    package static var names: [String] { tracks.map(\.name) }

    /// Each is a JSON object.
    package static let all: [[UInt8]] =
        calls.map { Array($0.utf8) }
        + tracks.enumerated().map { Array(event($0.offset, $0.element.name, $0.element.properties).utf8) }

    private static func event(_ number: Int, _ name: String, _ properties: String) -> String {
        let time = "2025-0\(number % 9 + 1)-15T09:4\(number % 10):35.414Z"
        let subject =
            number % 3 == 0 ? #""anonymousId":"2d32ce0f-\#(number)""# : #""userId":"C-0000\#(number % 7)""#
        return #"{"timestamp":"\#(time)","integrations":{},"event":"\#(name)","type":"track","#
            + #""properties":{\#(properties)},"context":{"library":{"name":"@segment/analytics-node","#
            + #""version":"2.1.0"},"externalIds":[{"id":"anna@shop.example","type":"email"},"#
            + #"{"id":"cus_2","type":"stripe"}],"locale":"de-DE","timezone":"Europe/Berlin","#
            + #""campaign":{"source":"google","name":"spring"}},\#(subject),"#
            + #""messageId":"node-\#(number)","_metadata":{"nodeVersion":"20.1.0"},"#
            + #""sentAt":"2025-11-22T04:38:42.522Z","receivedAt":"2025-11-22T04:38:42.535Z"}"#
    }

    private static let calls = [
        #"""
        {"type":"identify","userId":"anna@shop.example","traits":{"email":"anna@shop.example","name":"Anna","birthday":"1990-05-13T22:00:00.000Z","createdAt":"2024-01-01T00:00:00Z","address":{"city":"Köln"},"plan":"basic","avatar":"https://x/a.png"},"timestamp":1700000000,"messageId":"m-1"}
        """#,
        #"""
        {"type":"page","anonymousId":"%22v-1%22","name":"Home","properties":{"url":"http://shop.example/?ref=FRIEND-42","search":"?ref=FRIEND-42","referrer":"https://www.google.com/?q=x#c"},"context":{"ip":"203.0.113.0","locale":"de-DE","timezone":"Europe/Berlin","page":{"url":"https://shop.example/?utm_source=google&utm_campaign=spring+sale","path":"/?x"},"campaign":{"source":"google","name":"spring"},"consent":{"categoryPreferences":{"C0004":true,"marketing":false}}},"messageId":"m-2"}
        """#,
        #"""
        {"type":"alias","userId":"C-2","previousId":"v-2","anonymousId":"v-3","originalTimestamp":"2025-01-01"}
        """#,
        #"{"type":"screen","userId":"C-3","name":"Basket","timestamp":"2025-03-01T10:00:00+02:00"}"#,
        #"{"type":"group","userId":"C-3","groupId":"g-1","traits":{"name":"Guild"},"timestamp":"2025-03-02"}"#,
        #"""
        {"event":"Product Reviewed","userId":7,"properties":{"rating":"4","review_body":"write me at anna@shop.example","review_id":"r-1","list_id":"newsletter"},"timestamp":"2025-03-01 10:00:00"}
        """#,
        #"""
        {"type":"track","event":" Signed Up ","userId":"C-9","properties":{"name":"Anna","username":"anna","type":"organic","email":"","note":"x"},"traits":{"E_mail":["a"]},"messageId":"m-5"}
        """#,
        #"""
        {"timestamp":"2024-02-15T09:47:35.414Z","event":"Order Completed","type":"track","properties":{"order_id":"ORD-1","total":133.88,"revenue":"112,5","currency":"","coupon":"SPRING-1","products":[{"product_id":700001,"name":"Wool socks \ud83e","price":12.5,"url":"https://shop.example/p/2?ref=list"}]},"userId":"C-00001","anonymousId":"2d32ce0f","messageId":"node-1"}
        """#,
    ]

    private static let product =
        #""product_id":"700001","sku":"S-1","name":"Wool socks","category":"socks","price":12.5,"quantity":2"#
    private static let products = #""products":[{\#(product)},{"product_id":7,"price":"3.10"}]"#
    private static let order =
        #""order_id":"ORD-1","total":133.88,"revenue":112.5,"shipping":5,"tax":21.38,"discount":2.5,"currency":"EUR""#
    private static let mail =
        #""email_id":"em-1","campaign_id":"cmp-1","campaign_name":"Spring","link_url":"https://x/?a=b""#
    private static let referral =
        #""referral_code":"FRIEND-42","advocate_id":"C-1","friend_id":"C-2","share_via":"email""#

    private static let tracks: [(name: String, properties: String)] = [
        ("Products Searched", #""query":"socks""#), ("Product List Viewed", #""list_id":"l-1",\#(products)"#),
        ("Product List Filtered", #""list_id":"l-1","filters":[{"type":"size","value":"m"}]"#),
        ("Promotion Viewed", #""promotion_id":"p-1","name":"Spring""#), ("Promotion Clicked", #""promotion_id":"p-1""#),
        ("Product Clicked", product), ("Product Viewed", product), ("Product Added", #""cart_id":"c-1",\#(product)"#),
        ("Product Removed", #""cart_id":"c-1",\#(product)"#), ("Cart Viewed", #""cart_id":"c-1",\#(products)"#),
        ("Checkout Started", #""checkout_id":"k-1","value":20,\#(order),\#(products)"#),
        ("Checkout Step Viewed", #""checkout_id":"k-1","step":1"#),
        ("Checkout Step Completed", #""checkout_id":"k-1","step":2,"payment_method":"card""#),
        ("Payment Info Entered", #""checkout_id":"k-1","order_id":"ORD-1""#),
        ("Order Completed", #"\#(order),"coupon":"SPRING-1","cost_of_goods":40,\#(products)"#),
        ("Order Updated", #"\#(order),\#(products)"#), ("Order Cancelled", #"\#(order),"reason":"late""#),
        (
            "Order Refunded",
            #""order_id":"ORD-1","refund_id":"rf-1","refund_amount":12.5,"currency":"EUR",\#(products)"#
        ),
        ("Order Refunded", #""order_id":"ORD-1""#), ("Coupon Entered", #""coupon_id":"SPRING-1","order_id":"ORD-1""#),
        ("Coupon Applied", #""coupon_id":"SPRING-1","discount":2.5"#),
        ("Coupon Denied", #""coupon_id":"S","reason":"old""#),
        ("Coupon Removed", #""coupon_id":"SPRING-1""#),
        ("Product Added to Wishlist", #""wishlist_id":"w",\#(product)"#),
        ("Product Removed from Wishlist", #""wishlist_id":"w",\#(product)"#),
        ("Wishlist Product Added to Cart", #""wishlist_id":"w",\#(product)"#),
        ("Product Shared", #""share_via":"email","recipient":"b@c.example",\#(product)"#),
        ("Cart Shared", #""share_via":"email","cart_id":"c-1",\#(products)"#),
        ("Product Reviewed", #""product_id":"1","review_id":"r-1","rating":"4","scale":5,"review_body":"good""#),
        ("Signed Up", #""type":"organic""#), ("Account Created", #""account_name":"a""#), ("Signed In", ""),
        ("Signed Out", ""), ("Email Subscribed", #""list_id":"newsletter","double_opt_in":true,"email":"a@b.example""#),
        ("SMS Subscribed", #""phone":"+491701234567","valid_until":"2027-01-01""#), ("Push Subscribed", ""),
        ("Post Subscribed", ""), ("Email Unsubscribed", #""list_id":"newsletter",\#(mail)"#), ("SMS Unsubscribed", ""),
        ("Push Unsubscribed", ""), ("Post Unsubscribed", ""), ("Unsubscribed", mail),
        ("Segment Consent Preference Updated", #""basis":"consent","version":"2","opt_in_level":"confirmed""#),
        ("Consent Preference Updated", #""valid_until":"2027-01-01T00:00:00Z""#),
        ("Order Shipped", #""order_id":"ORD-1","promised_at":"2025-07-01T00:00:00Z""#),
        ("Order Delivered", #""order_id":"ORD-1","delivered_at":"2025-07-02T00:00:00Z""#),
        ("Delivery Delayed", #""order_id":"ORD-1","promised_at":"2025-07-04""#),
        ("Delivery Failed", #""order_id":"ORD-1","reason":"nobody home""#),
        ("Return Requested", #""order_id":"ORD-1","return_id":"rt-1",\#(products)"#),
        ("Return Completed", #""order_id":"ORD-1","return_id":"rt-1""#),
        ("Complaint Opened", #""complaint_id":"cp-1","order_id":"ORD-1","severity":"high","channel":"email""#),
        ("Complaint Resolved", #""complaint_id":"cp-1""#), ("Conversation Opened", #""conversation_id":"cv-1""#),
        ("Conversation Closed", #""conversation_id":"cv-1""#), ("Email Marked as Spam", mail),
        ("Survey Answered", #""score":9,"scale":10,"kind":"nps","order_id":"ORD-1""#), ("Email Delivered", mail),
        ("Email Opened", mail), ("Email Link Clicked", mail), ("Email Bounced", #"\#(mail),"bounce_type":"soft""#),
        ("Email Bounced", mail), ("SMS Link Clicked", mail), ("SMS Bounced", #""type":"hard""#),
        ("Push Notification Tapped", mail), ("Push Notification Bounced", #""kind":"block""#),
        ("SMS Delivered", mail), ("Push Delivered", #"\#(mail),"action_key":"welcome/hello/o-1""#),
        ("Post Delivered", ""), ("Post Link Clicked", mail), ("Post Bounced", ""),
        ("Advocate Created", referral), ("Referral Share", referral), ("Referred Friend Created", referral),
        ("Experiment Viewed", #""experiment_id":"x-1","variation_id":"v-2""#),
        ("Marketing Cost Recorded", #""amount":0.12,"currency":"EUR","kind":"mail","campaign_id":"cmp-1""#),
        ("Marketing Cost Recorded", #""cost_id":"mc-1","amount":"3,5","currency":"USD","kind":"acquisition""#),
        ("User Deletion Requested", #""request_id":"dr-1","due_at":"2026-02-01""#),
        ("Stage Override Set", #""stage":"loyal","until":"2026-06-01","actor_id":"op-1","reason_code":"vip""#),
        ("Stage Override Cleared", #""actor_id":"op-1","reason_code":"done""#),
        ("Identity Split", #""actor_id":"op-1","reason_code":"two people""#),
        ("Warranty Registered", #""serial":"x-1""#),
    ]
}
