import CustomerLifecycle

/// What is worth knowing of actions that have no error.
enum ActionNotes {
    static func notes(of actions: [ActionDraft]) -> [Problem] {
        actions.flatMap { action in
            var notes: [Problem] = []
            if case .plain(let start) = action.start, start.waitsForFriends {
                notes.append(
                    Problem(
                        .note, at: action.place,
                        "nothing starts \"\(action.name)\" until friends are followed"))
            }
            if action.condition == nil, action.hasLaterSteps {
                notes.append(
                    Problem(
                        .note, at: action.place,
                        "\"\(action.name)\" has no \"while:\": its later steps fall due whatever the customer does "
                            + "meanwhile"))
            }
            return notes
        }
    }
}
