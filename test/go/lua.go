package main

import (
	"fmt"
	"os"

	lua "github.com/yuin/gopher-lua"
)

// runLua runs a script of Argo CD (health.lua, action.lua) on each object, which it knows as obj, and gives what it returns.
func runLua(args []string) (any, error) {
	objects, err := readObjects()
	if err != nil {
		return nil, err
	}
	script, err := os.ReadFile(args[0])
	if err != nil {
		return nil, err
	}
	answers := []any{}
	for _, object := range objects {
		answer, err := runScript(string(script), object.Object)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", object.GetName(), err)
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// As Argo CD: the base, table, string, math and package libraries, and of os only time and date.
func runScript(script string, object map[string]any) (any, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{
		{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable},
		{lua.StringLibName, lua.OpenString}, {lua.MathLibName, lua.OpenMath}, {lua.OsLibName, openSafeOs},
	} {
		if err := state.CallByParam(lua.P{Fn: state.NewFunction(library.open), Protect: true}, lua.LString(library.name)); err != nil {
			return nil, err
		}
	}
	state.SetGlobal("obj", toLua(state, object))
	if err := state.DoString(script); err != nil {
		return nil, err
	}
	return fromLua(state.Get(-1)), nil
}

func openSafeOs(state *lua.LState) int {
	lua.OpenOs(state)
	whole := state.GetGlobal("os").(*lua.LTable)
	safe := state.NewTable()
	safe.RawSetString("time", whole.RawGetString("time"))
	safe.RawSetString("date", whole.RawGetString("date"))
	state.SetGlobal("os", safe)
	return 0
}

func toLua(state *lua.LState, value any) lua.LValue {
	switch typed := value.(type) {
	case string:
		return lua.LString(typed)
	case bool:
		return lua.LBool(typed)
	case int64:
		return lua.LNumber(typed)
	case float64:
		return lua.LNumber(typed)
	case []any:
		table := state.NewTable()
		for _, item := range typed {
			table.Append(toLua(state, item))
		}
		return table
	case map[string]any:
		table := state.NewTable()
		for key, item := range typed {
			table.RawSetString(key, toLua(state, item))
		}
		return table
	}
	return lua.LNil
}

func fromLua(value lua.LValue) any {
	switch typed := value.(type) {
	case lua.LString:
		return string(typed)
	case lua.LBool:
		return bool(typed)
	case lua.LNumber:
		return float64(typed)
	case *lua.LTable:
		if typed.Len() > 0 {
			list := []any{}
			typed.ForEach(func(_, item lua.LValue) { list = append(list, fromLua(item)) })
			return list
		}
		fields := map[string]any{}
		typed.ForEach(func(key, item lua.LValue) { fields[key.String()] = fromLua(item) })
		return fields
	}
	return nil
}
