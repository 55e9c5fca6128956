-- Which actions Argo CD offers for a MailAccount.
local factor = obj.spec.twoFactor or {}
local phase = (obj.status or {}).phase
-- an enrolment code that has ended, in UTC as the command line writes it: the QR code would ask for it in vain
local code = factor.enrollmentCode
local isCodeOver = code ~= nil and code.expiresAt <= os.date("!%Y-%m-%dT%H:%M:%SZ")
return {
  -- a suspension that is over may stay in spec: only status says whether one runs, or would have no effect
  suspend = { disabled = phase == "Suspended" or phase == "Off" },
  resume = { disabled = factor.suspension == nil },
  reset = { disabled = factor.state == "Removed" or isCodeOver },
}
