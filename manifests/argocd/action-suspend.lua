-- Asks for no code for a day, beginning now; it ends by itself.
if obj.spec.twoFactor == nil then obj.spec.twoFactor = {} end
obj.spec.twoFactor.suspension = {
  requestedAt = os.date("!%Y-%m-%dT%H:%M:%SZ"),
  hours = 24,
  reason = "Argo CD action",
}
return obj
