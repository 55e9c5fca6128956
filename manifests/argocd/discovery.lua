-- Which actions Argo CD offers for a MailAccount.
local factor = obj.spec.twoFactor or {}
return {
  suspend = { disabled = factor.suspension ~= nil },
  resume = { disabled = factor.suspension == nil },
  reset = { disabled = factor.state == "Removed" },
}
