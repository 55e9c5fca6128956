-- Ends a suspension early.
if obj.spec.twoFactor ~= nil then
  obj.spec.twoFactor.suspension = nil
  -- Argo CD would put an empty table back as it was.
  if next(obj.spec.twoFactor) == nil then obj.spec.twoFactor = nil end
end
return obj
