/// `policy presets`: the policies that the program brings along.
package struct PresetsReport: Report, Equatable {
    package struct Preset: Equatable, Sendable {
        package var name: String
        package var summary: String
        package var stages: [String]

        package init(name: String, summary: String, stages: [String]) {
            self.name = name
            self.summary = summary
            self.stages = stages
        }
    }

    package var presets: [Preset]

    package init(presets: [Preset]) { self.presets = presets }

    package func writeMembers(to json: inout JSONWriter) {
        json.array("presets", presets) { json, preset in
            json.beginObject()
            json.member("name", preset.name)
            json.member("summary", preset.summary)
            json.array("stages", preset.stages) { $0.value($1) }
            json.endObject()
        }
    }
}
