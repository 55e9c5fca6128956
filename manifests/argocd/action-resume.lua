-- Ends a suspension early.
if obj.spec.twoFactor ~= nil then obj.spec.twoFactor.suspension = nil end
return obj
