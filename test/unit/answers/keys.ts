/** Public keys made for these tests, with what `ssh-keygen -l` says of each; their private halves are gone. */
export const sshKeys = [
  {
    line: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHE3EgvhixtQut6FHHIyzW6NwB4kXcYhrF2a94IswiIV anna@laptop',
    bits: 256,
    fingerprint: 'SHA256:NRgLK7dl9Ai4YvxhEKEmForzlhMLnsHaOux5Q116QTA',
    comment: 'anna@laptop',
  },
  {
    line: 'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOB7rAUe53BeQ1RU9vsX7d1qnRSiF956ZRuI5NtcbwQuoPyVqNVGTCpLwnG6QzZtF2UZ9kMXt3lKzB8fkuw4hgA= two words',
    bits: 256,
    fingerprint: 'SHA256:nwE/PxNlhtfr0h9NMhQHbeaO4TIvhUd/oh5uHHslYkQ',
    comment: 'two words',
  },
  {
    line: 'ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBH3ggIl7L8fqP2HaDYM3l8GypdWsN6xmmFFfb793fDO3/PFx6qp4DgftJBi6vhxPXk6AdbyRdMrd39JbdBn0jfl0kuM8VNqoMQiM6VehasBw7aYJvliAj1CjAfNiuKR7Tg==',
    bits: 384,
    fingerprint: 'SHA256:bW+iH3Zjqr5FOFaQ+3nxs7arBL5kvB6Z6ic1mrApREE',
    comment: '',
  },
  {
    line: 'ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBADILdCnn0bCAYeisfeosOGUSjylhXAOkvsdoHGJISnAKAfNmIAgN6bV2vGUVXfebTpMqlY+8N0pOYvpnOcjpKl4WAHmTbFQIG5lOSbnNGiiw0nWKje2KfNQ7jRVhwi+nT/0nc4MhMIKfVy8IMJjZjpn9W4Q5t3V6BTpw2QtpRRo+S9iIw== x',
    bits: 521,
    fingerprint: 'SHA256:Vefg/AchJmrnEt8Q76tjCQ0FmmDLhV8F8GCgiuiubJw',
    comment: 'x',
  },
  {
    line: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDQWmHPPtXVaq1CWhSI0OPR50MrUYY9Uy3M+ekFI7itUhWx5JKzR+gcUxvQIhv+VzWj7u9OH42dELxeJR13aWai9FfuTE+x8E9ncG8eClegnWB9AjbRMs0L+GWGkuK67MfU5f8/x6Z/NjNPWjFiIXixMuhSs1R9LGIcrXo/gBNiHNnkwSAtlWG8pa5EGdY35aYCs8Fzh5nX4+w90N1gKtD1iPgxLkgOCAO/AvBLPmecjzBgQd6mG3XxyL46b5d+oUh0LfHVbuUUiKH5h1nk1XFMsxM9K9uRdwuwcXBG2cNKdDuz06hYxZq6K4qld05bPAHyrzgqn4gMk5MAOOOL0qiP r2048',
    bits: 2048,
    fingerprint: 'SHA256:sCe2yeqT/S7xU3ksBJW1AKsgu2s/c/2qWT/GJHPE2sk',
    comment: 'r2048',
  },
  {
    line: 'sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDo= yubikey',
    bits: 256,
    fingerprint: 'SHA256:/p0CbeE3dk2SyW1OXXsThGc12ezDVD8eGw2/vtztDfk',
    comment: 'yubikey',
  },
  {
    line: 'sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBOB7rAUe53BeQ1RU9vsX7d1qnRSiF956ZRuI5NtcbwQuoPyVqNVGTCpLwnG6QzZtF2UZ9kMXt3lKzB8fkuw4hgAAAAAEc3NoOg== token',
    bits: 256,
    fingerprint: 'SHA256:ig3yXcMnHnVwQJ4nOWy2I24gkORqIgWJWnYHV+57Buo',
    comment: 'token',
  },
] as const

/** The key of these tests. */
export const sshKey = sshKeys[0].line

/** Too short to be safe. */
export const rsa1024 =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC3Y5OmAbBqt++qeYjMLg32BWqGusYWD7xt2AJygCLBHwfnA2pHHeSQJv/0qqhXQSq8fHXaR/VTHyhvw9JdvatYgvk3cmOFw9hIdi+bkdGFU7lLoP7cFr3MqigXl1YF6vGoj9AjVZckzIW7X4jcLWBFLMfJJPQUbVoXj8DMBsFK8Q== r1024'

/** A certificate, made from the second key. */
export const certificate =
  'ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20AAAAg+wenJI4HXsuiugeGxpKbuN3Hhk0Nxnlr3EQxm/jV89sAAAAIbmlzdHAyNTYAAABBBOB7rAUe53BeQ1RU9vsX7d1qnRSiF956ZRuI5NtcbwQuoPyVqNVGTCpLwnG6QzZtF2UZ9kMXt3lKzB8fkuw4hgAAAAAAAAAAAAAAAAEAAAACaWQAAAAIAAAABGFubmEAAAAAAAAAAP//////////AAAAAAAAAIIAAAAVcGVybWl0LVgxMS1mb3J3YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAWcGVybWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAAKcGVybWl0LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAALc3NoLWVkMjU1MTkAAAAgcTcSC+GLG1C63oUccjLNbo3AHiRdxiGsXZr3gizCIhUAAABTAAAAC3NzaC1lZDI1NTE5AAAAQBDuRcO6hpmjVLovmMgf1YVHo/FYQkT3k8X+AH/G+dIoc0DQi8AQFsWsQhwj9pIwXmXdlX1ZisxNe4fHwDYMMwk= two words'
