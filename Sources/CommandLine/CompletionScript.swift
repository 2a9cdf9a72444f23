/// The script that makes a shell complete our commands and options, written from the table of commands.
package struct CompletionScript {
    package enum Shell: String, CaseIterable, Sendable {
        case bash
        case zsh
        case fish
    }

    package let text: String

    package init(for shell: Shell, program: String, commands: [Command]) {
        switch shell {
        case .bash: text = Self.bash(program, commands)
        case .zsh:
            // zsh can run bash's completions, so one script serves both.
            text =
                "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n"
                + Self.bash(program, commands)
        case .fish: text = Self.fish(program, commands)
        }
    }

    package static func command(for program: String, _ commands: [Command]) -> Command {
        let shell = Parameter.argument("SHELL", Format<Shell>.choice, help: "bash, zsh or fish")
        return Command(
            "completion", "print what makes your shell complete commands and options",
            discussion: "For bash: source <(\(program) completion bash)\nFor fish: \(program) completion fish | source",
            parameters: shell
        ) { settings, terminal throws(CommandFailure) in
            let all = commands + [command(for: program, commands)]
            let script = CompletionScript(for: settings[shell], program: program, commands: all)
            terminal.output.write(script.text)
            return .done
        }
    }

    // MARK: bash

    private static func bash(_ program: String, _ commands: [Command]) -> String {
        let names = Set(commands.map { $0.words[0] } + ["help"]).sorted().joined(separator: " ")
        var script = """
            _\(program)() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W '\(names)' -- "$word"))
                    return
                fi
                case "${COMP_WORDS[1]:-} ${COMP_WORDS[2]:-}" in

            """
        // Names of two words come first: `policy check` before a command `policy`.
        for command in commands.sorted(by: { $0.words.count > $1.words.count }) {
            script += bashCase(command)
        }
        for (group, seconds) in groups(commands) {
            script += "    \"\(group) \"*) COMPREPLY=($(compgen -W '\(seconds)' -- \"$word\")) ;;\n"
        }
        script += """
                help\\ *) COMPREPLY=($(compgen -W '\(names)' -- "$word")) ;;
                esac
            }
            complete -F _\(program) \(program)

            """
        return script
    }

    private static func bashCase(_ command: Command) -> String {
        let pattern = command.words.count > 1 ? "\"\(command.name)\"" : "\"\(command.name) \"*"
        var script = "    \(pattern))\n        case \"$before\" in\n"
        for option in command.options where option.place == .option {
            script += "        \(option.label)) \(bashReply(option.offer)); return ;;\n"
        }
        script += "        esac\n"
        let labels = command.options.map(\.label).joined(separator: " ")
        script += "        case \"$word\" in\n"
        script += "        -*) COMPREPLY=($(compgen -W '\(labels)' -- \"$word\")) ;;\n"
        script += "        *) \(bashReply(command.arguments.first?.offer ?? .nothing)) ;;\n"
        return script + "        esac ;;\n"
    }

    private static func bashReply(_ offer: Offer) -> String {
        switch offer {
        case .nothing: ":"
        case .files: "COMPREPLY=($(compgen -f -- \"$word\"))"
        case .folders: "COMPREPLY=($(compgen -d -- \"$word\"))"
        case .words(let words): "COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- \"$word\"))"
        }
    }

    /// Returns the first words of two-word commands, each with its second words.
    private static func groups(_ commands: [Command]) -> [(first: String, seconds: String)] {
        let pairs = commands.map(\.words).filter { $0.count > 1 }
        return Set(pairs.map { $0[0] }).sorted().map { first in
            (first, pairs.filter { $0[0] == first }.map { $0[1] }.joined(separator: " "))
        }
    }

    // MARK: fish

    private static func fish(_ program: String, _ commands: [Command]) -> String {
        var script = "complete -c \(program) -f\n"
        for command in commands {
            let words = command.words
            let before = words.count > 1 ? "__fish_seen_subcommand_from \(words[0])" : "__fish_use_subcommand"
            if words.count > 1 {
                script += "complete -c \(program) -n __fish_use_subcommand -a \(words[0])\n"
            }
            script +=
                "complete -c \(program) -n '\(before)' -a \(words[words.count - 1]) -d \(quoted(command.summary))\n"
            let seen = words.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
            for option in command.options {
                script +=
                    "complete -c \(program) -n '\(seen)' -l \(option.name)\(fishValue(option))"
                    + " -d \(quoted(option.help))\n"
            }
            guard let argument = command.arguments.first else { continue }
            script += "complete -c \(program) -n '\(seen)'\(fishReply(argument.offer))\n"
        }
        return script
    }

    private static func fishValue(_ option: Declaration) -> String {
        guard option.place != .flag else { return "" }
        // `-x` also keeps fish from offering files.
        return (option.offer == .files ? " -r" : " -x") + fishReply(option.offer)
    }

    private static func fishReply(_ offer: Offer) -> String {
        switch offer {
        case .nothing: ""
        case .files: " -F"
        case .folders: " -a '(__fish_complete_directories)'"
        case .words(let words): " -a '\(words.joined(separator: " "))'"
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
