package main

import (
	"encoding/json"
	"fmt"
	"os"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

// runLua runs a script of Argo CD (health, discovery) on each object, which it knows as obj, and gives what it returns.
func runLua(args []string) (any, error) {
	return onEach(args, func(_ map[string]any, returned any) any { return returned })
}

// runAction runs a script of an action, and gives the object that Argo CD would patch the live one to.
func runAction(args []string) (any, error) {
	return onEach(args, func(live map[string]any, returned any) any { return putBack(live, returned) })
}

func onEach(args []string, finish func(live map[string]any, returned any) any) (any, error) {
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
		returned, err := runScript(string(script), object.Object)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", object.GetName(), err)
		}
		answers = append(answers, finish(object.Object, returned))
	}
	return answers, nil
}

// As Argo CD, where useOpenLibs is not said: the base, table and package libraries, and of os only time and date.
func runScript(script string, object map[string]any) (any, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{
		{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable},
		{lua.OsLibName, openSafeOs},
	} {
		if err := state.CallByParam(lua.P{Fn: state.NewFunction(library.open), Protect: true}, lua.LString(library.name)); err != nil {
			return nil, err
		}
	}
	state.SetGlobal("obj", toLua(state, object))
	if err := state.DoString(script); err != nil {
		return nil, err
	}
	// Argo CD's own encoder: an empty table is an empty list
	text, err := luajson.Encode(state.Get(-1))
	if err != nil {
		return nil, err
	}
	var returned any
	return returned, json.Unmarshal(text, &returned)
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

// putBack does as Argo CD: an empty list where the live object has a map can't be told from an empty map, and becomes
// what the live object has there.
func putBack(live, returned any) any {
	switch was := live.(type) {
	case map[string]any:
		switch is := returned.(type) {
		case map[string]any:
			for key, item := range is {
				is[key] = putBack(was[key], item)
			}
		case []any:
			if len(is) == 0 {
				return was
			}
		}
	case []any:
		if is, isList := returned.([]any); isList {
			for index := range min(len(is), len(was)) {
				is[index] = putBack(was[index], is[index])
			}
		}
	}
	return returned
}
