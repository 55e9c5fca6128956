-- Which actions Argo CD offers for a MailAccount.
local factor = obj.spec.twoFactor or {}
local phase = (obj.status or {}).phase
return {
  -- a suspension that is over may stay in spec: only status says whether one runs, or would have no effect
  suspend = { disabled = phase == "Suspended" or phase == "Off" },
  resume = { disabled = factor.suspension == nil },
  reset = { disabled = factor.state == "Removed" },
}
