import CustomerLifecycle

extension OutputEncoder {
    /// The pieces of outputs that are the same as long as their terms are.
    struct Pieces {
        /// A fact of a rule: what stands before its value, and behind its threshold; or, where that is written in the
        /// policy, all that stands behind the value.
        struct Fact {
            let name: Fragments.Piece
            let unit: Fragments.Piece
            let kind: FactUnit
            let fixed: (threshold: Int64, rest: Fragments.Piece)?
        }

        /// A channel: what stands before whether it may be used, and before the purpose of a consent, in a list and in
        /// an output of its own.
        struct Channel {
            let contact: Fragments.Piece
            let consent: Fragments.Piece
            let change: Fragments.Piece
        }

        /// A piece of packed headers, and how far before its end the length of the value behind it stands.
        struct Header {
            let piece: Fragments.Piece
            let lengthDistance: Int
        }

        /// The headers by type of output.
        let headers: [[Header]]
        /// The stages' names in quotes, by their indices in the partition.
        let stages: [Fragments.Piece]
        /// The member that says a stage in other vocabularies, by the same indices.
        let phases: [Fragments.Piece]
        /// The rules' texts in quotes, by rule of the policy.
        let rules: [Fragments.Piece]
        /// The segments' names in quotes, by their indices in the partition.
        let segments: [Fragments.Piece]
        /// Where the policy's segments stand, in quotes.
        let segmentRules: [Fragments.Piece]
        /// The facts by node of the policy.
        let facts: [Fact]
        /// What stands before the instant of a forecast, by stage of the policy.
        let forecasts: [Fragments.Piece]
        /// The channels by raw value.
        let channels: [Channel]
        /// What stands before the id of evidence, by raw value.
        let evidence: [Fragments.Piece]
        /// The member that names the policy.
        let policy: Fragments.Piece
        /// What stands behind a revenue, in the policy's currency, by its bound.
        let currencies: [Fragments.Piece]
        /// The member that names the currency of the row's value.
        let currencyMember: Fragments.Piece
        /// What stands behind the last figure of the row's value.
        let value: Fragments.Piece
        /// What the ids of all outputs begin with.
        let eventID: Fragments.Piece
        /// What the lives of all customers begin with.
        let life: Fragments.Piece
        /// The row's member about the log, up to the offset.
        let log: Fragments.Piece

        init(of terms: OutputTerms, in fragments: inout Fragments, packHeaders: PackHeaders) {
            var headers: [[Header]] = []
            for type in OutputType.allCases {
                var pieces: [Header] = []
                for packed in packHeaders(CloudEvent.headers(type, terms)) {
                    pieces.append(Header(piece: fragments.add(packed.bytes), lengthDistance: packed.lengthDistance))
                }
                headers.append(pieces)
            }
            self.headers = headers
            stages = Self.add(terms.stages, to: &fragments) { Self.quoted($0) }
            phases = Self.add(terms.phases, to: &fragments) { phases in
                let members = phases.map { "\(Self.quoted($0.vocabulary)):\(Self.quoted($0.phase))" }
                return #","phases":{\#(members.joined(separator: ","))}"#
            }
            rules = Self.add(terms.rules, to: &fragments) { Self.quoted($0) }
            segments = Self.add(terms.segments, to: &fragments) { Self.quoted($0) }
            segmentRules = Self.add(terms.segmentRules, to: &fragments) { Self.quoted($0) }
            forecasts = Self.add(terms.policyStages, to: &fragments) {
                #"{"next_stage":\#(Self.quoted($0)),"at":"#
            }
            evidence = Self.add(ChangeDescription.EvidenceKind.allCases, to: &fragments) {
                #"{"kind":"\#($0.word)","id":"#
            }
            var facts: [Fact] = []
            for fact in terms.facts { facts.append(Fact(fact, in: &fragments)) }
            self.facts = facts
            var channels: [Channel] = []
            for channel in CustomerLifecycle.Channel.allCases {
                channels.append(
                    Channel(
                        contact: fragments.add(#""\#(channel.word)":{"allowed":"#),
                        consent: fragments.add(#"{"channel":"\#(channel.word)","purpose":"#),
                        change: fragments.add(#","channel":"\#(channel.word)","purpose":"#)))
            }
            self.channels = channels
            var policy = JSONWriter()
            policy.beginObject()
            terms.policy.write(to: &policy)
            policy.endObject()
            self.policy = fragments.add(#","policy":\#(policy.text)"#)
            currencies = Self.add(AmountBound.allCases, to: &fragments) {
                #","currency":"\#(terms.currency.letters)"},"revenue_is":"\#($0.word)""#
            }
            let unbuilt = ["referrals", "friends_invited", "rewards_granted"]
            currencyMember = fragments.add(#","currency":"\#(terms.currency.letters)""#)
            value = fragments.add(unbuilt.map { #","\#($0)":null"# }.joined() + "}")
            eventID = fragments.add("\(terms.generation)-\(terms.partition)-")
            life = fragments.add("\(terms.partition)-")
            log = fragments.add(#","log":{"partition":\#(terms.partition),"offset":"#)
        }

        private static func add<Values: Sequence>(
            _ values: Values, to fragments: inout Fragments, _ text: (Values.Element) -> String
        ) -> [Fragments.Piece] {
            var pieces: [Fragments.Piece] = []
            for value in values { pieces.append(fragments.add(text(value))) }
            return pieces
        }

        fileprivate static func quoted(_ text: String) -> String {
            var json = JSONWriter()
            json.value(text)
            return json.text
        }
    }
}

extension OutputEncoder.Pieces.Fact {
    init(_ fact: OutputTerms.Fact, in fragments: inout Fragments) {
        let unit = #","unit":"\#(fact.unit.rawValue)"}"#
        kind = fact.unit
        name = fragments.add(#"{"name":\#(OutputEncoder.Pieces.quoted(fact.name)),"value":"#)
        self.unit = fragments.add(unit)
        switch fact.unit {
        case .count, .duration, .money, .score:
            fixed = fact.threshold.map { ($0, fragments.add(#","threshold":\#($0)"# + unit)) }
        case .instant, .flag: fixed = nil
        }
    }
}
